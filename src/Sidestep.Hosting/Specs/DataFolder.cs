namespace Sidestep.Hosting;

/// <summary>File names in specs: <c>${data}/…</c>, absolute, or relative to the spec.</summary>
/// <remarks><c>${data}</c> is the environment variable <c>SIDESTEP_DATA</c>, or else <c>../shared/data</c> seen from the root of the
/// repository the spec lies in (the nearest folder above it with a <c>.git</c>), or from the spec's own folder outside a repository.</remarks>
public static class DataFolder
{
    /// <summary>The environment variable that names the folder of data sets.</summary>
    public const string Variable = "SIDESTEP_DATA";

    private const string Mark = "${data}";

    /// <summary>The folder <c>${data}</c> stands for; it need not exist.</summary>
    /// <param name="folder">The spec's folder.</param>
    public static string For(string folder) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.GetFullPath(Path.Combine(Root(folder), "..", "shared", "data"));

    /// <summary>The absolute name of a file in a spec.</summary>
    /// <param name="name">As written.</param>
    /// <param name="folder">The spec's folder.</param>
    /// <exception cref="ConfigurationException">The folder <c>${data}</c> stands for does not exist, or the name leaves it.</exception>
    public static string Resolve(string name, string folder)
    {
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new ConfigurationException($"'{name}' is not a file name");
        }

        if (!name.StartsWith(Mark, StringComparison.Ordinal))
        {
            return Path.GetFullPath(Path.Combine(folder, name));
        }

        var data = For(folder);
        if (!Directory.Exists(data))
        {
            throw new ConfigurationException(
                $"'{name}' needs the folder of data sets, but {data} does not exist: set {Variable} to it, or write the file's own path");
        }

        var full = Path.GetFullPath(Path.Combine(data, name[Mark.Length..].TrimStart('/', '\\')));
        return full.StartsWith(data + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new ConfigurationException($"'{name}' leaves the folder of data sets {data}; write the file's own path");
    }

    private static string Root(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            var mark = Path.Combine(at, ".git");
            if (Directory.Exists(mark) || File.Exists(mark))
            {
                return at;
            }
        }

        return folder;
    }
}

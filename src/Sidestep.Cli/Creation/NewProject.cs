using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Sidestep.Cli;

/// <summary>Writes a working project against the packages of this very version.</summary>
internal static partial class NewProject
{
    private const string Prefix = "Templates/";
    private const int MostLetters = 64;

    /// <summary>The version of the packages.</summary>
    public static string Version { get; } =
        typeof(NewProject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Writes it.</summary>
    /// <param name="name">The project's name, and its folder's.</param>
    /// <param name="parent">Where the folder is made.</param>
    /// <param name="packages">A folder of packages; null: the sources the machine is set up with.</param>
    /// <returns>The names of the files, relative to the folder.</returns>
    /// <exception cref="ConfigurationException">The name cannot be a project's, or the packages are not there.</exception>
    /// <exception cref="OperatingSystemException">The folder is not empty, or cannot be written (73).</exception>
    public static IReadOnlyList<string> Write(string name, string parent, string? packages)
    {
        CheckName(name);
        var source = packages is null ? null : CheckedPackages(packages);
        var folder = Path.GetFullPath(Path.Combine(parent, name));
        CheckFree(folder);
        var files = new List<string>();
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var resource in Templates(withSources: source is not null))
            {
                var file = FileName(resource, name);
                File.WriteAllText(Path.Combine(folder, file), Filled(resource, name, source), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
                files.Add(file);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"{folder} cannot be written: {error.Message}", 73, error);
        }

        return files;
    }

    private static IEnumerable<string> Templates(bool withSources) => typeof(NewProject).Assembly.GetManifestResourceNames()
        .Where(r => r.StartsWith(Prefix, StringComparison.Ordinal) && (withSources || r != Prefix + "nuget.config"))
        .Order(StringComparer.Ordinal);

    private static string FileName(string resource, string name) => resource[Prefix.Length..] switch
    {
        "project.csproj" => $"{name}.csproj",
        "gitignore" => ".gitignore",
        var other => other,
    };

    private static string Filled(string resource, string name, string? source)
    {
        using var stream = typeof(NewProject).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Replace("NAMESPACE", NotInNamespaces().Replace(name, "_"), StringComparison.Ordinal)
            .Replace("PROJECT", name, StringComparison.Ordinal)
            .Replace("VERSION", Version, StringComparison.Ordinal)
            .Replace("PACKAGES", System.Security.SecurityElement.Escape(source), StringComparison.Ordinal);
    }

    private static void CheckName(string name)
    {
        if (name.Length > MostLetters || !GoodName().IsMatch(name))
        {
            throw new ConfigurationException(
                $"'{name}' cannot be a project's name: a letter, then letters, digits, '_', '-' and single dots, at most {MostLetters}; such as 'MyTraining'");
        }

        if (name.Split('.')[0].Equals("sidestep", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"'{name}' would clash with the packages Sidestep.*; choose another, such as 'My{name.Replace(".", string.Empty, StringComparison.Ordinal)}'");
        }
    }

    private static string CheckedPackages(string packages)
    {
        var folder = Path.GetFullPath(packages);
        if (!Directory.Exists(folder))
        {
            throw new ConfigurationException($"there is no folder of packages {folder}; make one with: dotnet pack -c Release");
        }

        var needed = $"Sidestep.Cli.{Version}.nupkg";
        if (!File.Exists(Path.Combine(folder, needed)))
        {
            var there = Directory.EnumerateFiles(folder, "Sidestep.Cli.*.nupkg").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToArray();
            throw new ConfigurationException(
                $"{folder} has no {needed}, the version of this command; it has {(there.Length == 0 ? "no Sidestep.Cli at all" : string.Join(", ", there))}");
        }

        return folder;
    }

    private static void CheckFree(string folder)
    {
        if (File.Exists(folder))
        {
            throw new OperatingSystemException($"{folder} is a file; choose another name or remove it", 73);
        }

        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).FirstOrDefault() is { } first)
        {
            throw new OperatingSystemException($"{folder} is not empty ({Path.GetFileName(first)} is in it); nothing was written: choose another name", 73);
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*$")]
    private static partial Regex GoodName();

    [GeneratedRegex("[^A-Za-z0-9_.]")]
    private static partial Regex NotInNamespaces();
}

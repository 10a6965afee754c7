using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>A spec with overrides applied and every default written out.</summary>
/// <param name="Spec">The spec.</param>
/// <param name="Folder">Where relative names and <c>${data}</c> start from.</param>
public sealed record ResolvedSpec(RunSpec Spec, string Folder)
{
    /// <summary>What its names mean.</summary>
    public SidestepCatalog Catalog { get; init; } = SidestepCatalog.BuiltIn;

    /// <summary>The spec as canonical JSON: one line, fixed order of keys, no key without a value.</summary>
    public string Json => SpecFile.Write(Spec);

    /// <summary>SHA-256 of <see cref="Json"/> in UTF-8, 64 lower-case hexadecimal digits. Coordinator and workers compare it.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)));
}

/// <summary>Reads and writes specs. Strict: what is not understood is refused, with path, line and the nearest valid choice.</summary>
/// <remarks><code>var spec = SpecFile.Load("experiments/fashion-mnist.json", ["rounds=100", "code.stragglers=1"]);</code></remarks>
public static class SpecFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Reads a spec file and applies overrides.</summary>
    /// <param name="path">A regular file of at most 1 MiB.</param>
    /// <param name="overrides">Each <c>path=value</c>, such as <c>code.stragglers=1</c>.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <exception cref="ConfigurationException">Something in it is not valid.</exception>
    public static ResolvedSpec Load(string path, IReadOnlyList<string>? overrides = null, SidestepCatalog? catalog = null)
    {
        var full = Path.GetFullPath(path);
        return Parse(ReadAll(path, full), path, Path.GetDirectoryName(full)!, overrides, catalog);
    }

    /// <summary>Reads a spec that a run wrote into its folder.</summary>
    /// <param name="path">The run's <c>spec.json</c>.</param>
    /// <param name="folder">Where relative names in it start from: the folder of the spec it was made from.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <exception cref="ConfigurationException">Something in it is not valid.</exception>
    public static ResolvedSpec LoadResolved(string path, string folder, SidestepCatalog? catalog = null) =>
        Parse(ReadAll(path, Path.GetFullPath(path)), path, folder, catalog: catalog);

    /// <summary>Reads a spec from text and applies overrides.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <param name="folder">Where relative names start from.</param>
    /// <param name="overrides">Each <c>path=value</c>.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <exception cref="ConfigurationException">Something in it is not valid.</exception>
    public static ResolvedSpec Parse(
        byte[] json, string source, string folder, IReadOnlyList<string>? overrides = null, SidestepCatalog? catalog = null)
    {
        var type = SpecJson.Default.RunSpec;
        catalog ??= SidestepCatalog.BuiltIn;
        var text = ExecShorthand.Expand(json.AsSpan().StartsWith("\uFEFF"u8) ? json[3..] : json);
        new SpecCheck(source, catalog.Own).Check(text, type);
        foreach (var assignment in overrides ?? [])
        {
            text = ExecShorthand.Expand(SpecOverride.Apply(text, assignment));
            new SpecCheck($"--set {assignment}", catalog.Own, Lines: false).Check(text, type);
        }

        return new ResolvedSpec(catalog.Own.Complete(Read(text, type, source)), folder) { Catalog = catalog };
    }

    internal static string Write(RunSpec spec) => JsonSerializer.Serialize(spec, SpecJson.Default.RunSpec);

    private static RunSpec Read(byte[] text, JsonTypeInfo<RunSpec> type, string source)
    {
        try
        {
            return JsonSerializer.Deserialize(text, type)!;
        }
        catch (JsonException error)
        {
            // The check before this is meant to say more; this is for what it does not know.
            throw new ConfigurationException($"{source}: {error.Message}");
        }
    }

    private static byte[] ReadAll(string path, string full)
    {
        try
        {
            var info = new FileInfo(full);
            if (!info.Exists)
            {
                throw new ConfigurationException(Directory.Exists(full)
                    ? $"{path} is a folder; name a spec file in it"
                    : $"there is no spec file {path}{Neighbours(full)}");
            }

            // Pipes and devices have no length, and reading them would block or never end.
            if (info.Length == 0)
            {
                throw new ConfigurationException($"{path} is empty, or not a regular file");
            }

            return info.Length <= MostBytes
                ? File.ReadAllBytes(full)
                : throw new ConfigurationException($"{path} has {info.Length} bytes; a spec has at most {MostBytes}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"{path} cannot be read: {error.Message}");
        }
    }

    private static string Neighbours(string full)
    {
        var folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
        {
            return $", nor the folder {folder}";
        }

        var files = Directory.EnumerateFiles(folder, "*.json").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToArray();
        return files.Length == 0 ? string.Empty : $"; {Nearest.Clause(Path.GetFileName(full), files)}";
    }
}

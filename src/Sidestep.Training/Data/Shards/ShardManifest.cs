using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sidestep.Training;

/// <summary>One file of rows, as its manifest describes it.</summary>
/// <param name="File">Its name in the data set's folder.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Crc32C">CRC-32C of the whole file, 8 hexadecimal digits.</param>
public sealed record ShardEntry(string File, long Rows, long Bytes, string Crc32C);

/// <summary>What an imported data set is: the contents of <c>manifest.json</c> in its folder. Written last, so a folder with one is complete.</summary>
/// <param name="Format">Always <see cref="FormatName"/>.</param>
/// <param name="Version">Version of the format: 1.</param>
/// <param name="Name">Name for reports.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Features">Features per row.</param>
/// <param name="Classes">Number of classes; 0 for regression.</param>
/// <param name="Layout"><c>dense</c> or <c>sparse</c>.</param>
/// <param name="Element"><c>float32</c> or <c>uint8</c>.</param>
/// <param name="Labels"><c>class</c>: from 0; <c>value</c>: any number.</param>
/// <param name="Fingerprint">128 bits of SHA-256 over rows and labels, hexadecimal; independent of how they are cut into shards.</param>
/// <param name="Shards">The files, in the order of the rows.</param>
public sealed record ShardManifest(
    string Format,
    int Version,
    string Name,
    long Rows,
    int Features,
    int Classes,
    string Layout,
    string Element,
    string Labels,
    string Fingerprint,
    ImmutableArray<ShardEntry> Shards)
{
    /// <summary>Names the format.</summary>
    public const string FormatName = "sidestep-shards";

    /// <summary>Name of the manifest's file.</summary>
    public const string FileName = "manifest.json";

    private const long MostBytes = 64 << 20;

    /// <summary>What a byte is multiplied with to give a feature; only with <c>uint8</c>.</summary>
    public float? Scale { get; init; }

    /// <summary>The label that class 0 had in the source: −1, 0 or 1; absent: labels were values or words.</summary>
    public int? LabelsFrom { get; init; }

    /// <summary>Height, width and channels, if rows are pictures.</summary>
    public PictureShape? Picture { get; init; }

    /// <summary>The words of the classes, if they have any: class 0 first.</summary>
    public ImmutableArray<string>? ClassNames { get; init; }

    /// <summary>Rows of each class, if there are classes.</summary>
    public ImmutableArray<long>? ClassCounts { get; init; }

    internal RowFormat RowFormat => Layout == "sparse" ? RowFormat.Sparse : Element == "uint8" ? RowFormat.Bytes : RowFormat.Floats;

    /// <summary>Reads and checks a folder's manifest.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <exception cref="DataException">There is none, it is damaged, of another version, or contradicts itself.</exception>
    public static ShardManifest Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        byte[] json;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes } large)
            {
                throw new DataException($"{path} has {large.Length} bytes; a manifest has at most {MostBytes}");
            }

            json = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Directory.Exists(folder) && !File.Exists(path)
                ? new DataException($"{folder} holds no {FileName}, so it is no imported data set or an import that did not finish; make it with: sidestep data import")
                : DataFile.Unreadable(path, error);
        }

        return Parse(json, path);
    }

    /// <summary>The manifest as indented JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ShardManifest);

    private static ShardManifest Parse(byte[] json, string path)
    {
        try
        {
            using (var head = JsonDocument.Parse(json))
            {
                var root = head.RootElement;
                if (root.ValueKind != JsonValueKind.Object
                    || !root.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.String || format.GetString() != FormatName
                    || !root.TryGetProperty("version", out var version) || !version.TryGetInt32(out var number) || number != 1)
                {
                    throw new DataException($"{path}: is not \"format\": \"{FormatName}\", \"version\": 1, which is what this program reads");
                }
            }

            var manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.ShardManifest)!;
            return manifest.Problem() is { } problem ? throw new DataException($"{path}: {problem}") : manifest;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new DataException($"{path}: is not a manifest: {error.Message}");
        }
    }

    /// <summary>What contradicts itself; null: nothing.</summary>
    private string? Problem()
    {
        if (Shards.IsDefaultOrEmpty || Rows < 1 || Features < 1 || Classes is < 0 or 1)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Rows} rows, {Features} features, {Classes} classes, {(Shards.IsDefault ? 0 : Shards.Length)} shards; at least 1, 1, 0 (or 2) and 1");
        }

        if ((Layout, Element) is not (("dense", "float32") or ("dense", "uint8") or ("sparse", "float32")))
        {
            return $"layout '{Layout}' of '{Element}' is not known; known are dense float32, dense uint8 and sparse float32";
        }

        if (Labels != (Classes == 0 ? "value" : "class") || Scale != (Element == "uint8" ? PixelKernels.Scale255 : null))
        {
            return string.Create(CultureInfo.InvariantCulture, $"labels '{Labels}' and scale {Scale} do not go with {Classes} classes of {Element}");
        }

        if (ClassNames is { } names && names.Length != Classes)
        {
            return $"{names.Length} class names for {Classes} classes";
        }

        if (Picture is { } p && (Int128)p.Height * p.Width * p.Channels != Features)
        {
            return string.Create(CultureInfo.InvariantCulture, $"pictures of {p.Height}x{p.Width}x{p.Channels} do not have {Features} features");
        }

        if (!UInt128.TryParse(Fingerprint, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _) || Fingerprint.Length != 32)
        {
            return $"fingerprint '{Fingerprint}' is not 32 hexadecimal digits";
        }

        foreach (var shard in Shards)
        {
            if (shard.File.Length == 0 || shard.File != Path.GetFileName(shard.File) || shard.File.Contains('\\', StringComparison.Ordinal) || shard.Rows < 1)
            {
                return $"shard '{shard.File}' of {shard.Rows} rows: a shard is a file in this folder with at least 1 row";
            }
        }

        var rows = Shards.Aggregate((Int128)0, (sum, s) => sum + s.Rows);
        return rows == Rows ? null : $"the shards have {rows} rows, the data set has {Rows}";
    }
}

/// <summary>How manifests are written and read.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Strict,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(ShardManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sidestep.Hosting;

/// <summary>A matrix of lines in a file: JSON (an array of arrays of numbers), or text with a row per line.</summary>
/// <remarks>In text, numbers are separated by commas, semicolons or white space; empty lines and lines that begin with # do not count.</remarks>
internal static class DirectionsFile
{
    private const int MostBytes = 1 << 24;

    private static readonly char[] Separators = [',', ';', ' ', '\t', '\r'];

    /// <summary>Reads it.</summary>
    /// <param name="name">As in the spec.</param>
    /// <param name="folder">Where a relative name starts from; null: the current folder.</param>
    /// <param name="fingerprint">What it must be; null: anything.</param>
    /// <exception cref="ConfigurationException">It cannot be read, is not a matrix, or is another than was pinned.</exception>
    public static double[][] Read(string name, string? folder, string? fingerprint)
    {
        var bytes = Bytes(name, folder);
        if (fingerprint is not null && Fingerprint(bytes) is var found && found != fingerprint)
        {
            throw new ConfigurationException($"file {name} has the fingerprint {found}, but the spec was pinned to {fingerprint}; use the file the run began with");
        }

        var text = Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF');
        return text.TrimStart().StartsWith('[') ? Json(text, name) : Lines(text, name);
    }

    /// <summary>32 hexadecimal digits that name the file's bytes.</summary>
    public static string Fingerprint(string name, string? folder) => Fingerprint(Bytes(name, folder));

    private static string Fingerprint(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];

    private static byte[] Bytes(string name, string? folder)
    {
        var path = DataFolder.Resolve(name, folder ?? Directory.GetCurrentDirectory());
        try
        {
            var info = new FileInfo(path);
            if (!info.Exists || info.Length is 0 or > MostBytes)
            {
                throw new ConfigurationException(
                    !info.Exists ? $"there is no file {name} ({path})" : $"file {name} has {info.Length} bytes; a matrix of lines has 1 to {MostBytes}");
            }

            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException($"file {name} cannot be read: {error.Message}");
        }
    }

    private static double[][] Json(string text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select((row, i) => Row(row, name, i))];
        }
        catch (JsonException error)
        {
            throw new ConfigurationException($"file {name} is not JSON: {error.Message}");
        }
    }

    private static double[] Row(JsonElement row, string name, int number)
    {
        if (row.ValueKind != JsonValueKind.Array || row.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.Number || !v.TryGetDouble(out _)))
        {
            throw new ConfigurationException($"file {name}: row {number} is not an array of numbers, such as [1, -1, 0]");
        }

        return [.. row.EnumerateArray().Select(v => v.GetDouble())];
    }

    private static double[][] Lines(string text, string name)
    {
        var rows = new List<double[]>();
        var line = 0;
        foreach (var content in text.Split('\n'))
        {
            line++;
            var cells = content.Split(Separators, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length > 0 && cells[0][0] != '#')
            {
                rows.Add(Array.ConvertAll(cells, cell => Number(cell, name, line)));
            }
        }

        return [.. rows];
    }

    private static double Number(string cell, string name, int line) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new ConfigurationException($"file {name}, line {line}: '{cell}' is not a number; write a row of numbers per worker, such as 1,-1,0");
}

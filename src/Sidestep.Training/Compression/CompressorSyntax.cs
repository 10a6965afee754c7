using System.Globalization;

namespace Sidestep.Training;

/// <summary>Compressors in specs and flags: <c>none</c> · <c>top-k(0.01)</c> · <c>top-k(1%)</c> · <c>top-k(100)</c> · <c>feedback(top-k(0.01))</c>.</summary>
/// <remarks>A whole number from 1 in the brackets of top-k is a count; with a decimal point, an exponent or a percent sign it is a ratio.</remarks>
public static class CompressorSyntax
{
    private const int MostNesting = 8;

    /// <summary>Reads a compressor; its <see cref="ICompressor{T}.Name"/> is read back as the same.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">It is not a compressor; says which piece is wrong and what is near.</exception>
    public static ICompressor<float> Parse(string text) => Parse(text, CompressorCatalog.Entries);

    /// <summary>Reads one of the given compressors; its <see cref="ICompressor{T}.Name"/> is read back as the same.</summary>
    /// <param name="text">The text.</param>
    /// <param name="entries">What names mean.</param>
    /// <exception cref="ConfigurationException">It is not a compressor; says which piece is wrong and what is near.</exception>
    public static ICompressor<float> Parse(string text, IReadOnlyList<CompressorEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            throw new ConfigurationException("a compressor is missing; write 'none' or 'feedback(top-k(0.01))'");
        }

        if (trimmed.Count(c => c == '(') > MostNesting)
        {
            throw new ConfigurationException($"a compressor is nested more than {MostNesting} deep; write 'feedback(top-k(0.01))'");
        }

        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return CompressorCatalog.Find(trimmed, entries).Create([], inner => Parse(inner, entries));
        }

        if (trimmed[^1] != ')')
        {
            throw new ConfigurationException($"'{trimmed}' does not end with ')'");
        }

        var parts = Split(trimmed[(open + 1)..^1], trimmed);
        return CompressorCatalog.Find(trimmed[..open].Trim(), entries).Create(parts, inner => Parse(inner, entries));
    }

    /// <summary>Reads the parameter of top-k.</summary>
    internal static TopK TopK(string text)
    {
        var piece = text.Trim();
        if (piece.Length > 0 && piece.All(char.IsAsciiDigit))
        {
            return int.TryParse(piece, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? Training.TopK.OfCount(count)
                : throw new ConfigurationException($"the count '{piece}' of top-k is too large; the most is {int.MaxValue}");
        }

        var percent = piece.EndsWith('%');
        var number = percent ? piece[..^1] : piece;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio)
            ? new TopK(percent ? ratio / 100 : ratio)
            : throw new ConfigurationException($"'{piece}' in top-k is neither a ratio nor a count; write 'top-k(0.01)', 'top-k(1%)' or 'top-k(100)'");
    }

    // Cuts at the commas outside of inner brackets.
    private static List<string> Split(string inside, string whole)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i < inside.Length; i++)
        {
            depth += inside[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0)
            {
                throw new ConfigurationException($"'{whole}' has a ')' without its '('");
            }

            if (inside[i] == ',' && depth == 0)
            {
                parts.Add(inside[start..i].Trim());
                start = i + 1;
            }
        }

        if (depth != 0)
        {
            throw new ConfigurationException($"'{whole}' has a '(' without its ')'");
        }

        if (parts.Count > 0 || inside.Trim().Length > 0)
        {
            parts.Add(inside[start..].Trim());
        }

        return parts;
    }
}

using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Every compressor there is.</summary>
public static class CompressorCatalog
{
    /// <summary>The compressors, simplest first.</summary>
    public static ImmutableArray<CompressorEntry> Entries { get; } =
    [
        new(
            "none",
            "Raw float32; lossless.",
            string.Empty,
            "none",
            static (parts, _) => parts.Count == 0 ? new NoneCompressor() : throw Brackets("none", "nothing", "none")),
        new(
            "top-k",
            "The elements of largest magnitude, exactly; the others are dropped. Use it inside feedback.",
            "a ratio (0.01, 1%) or a count (100)",
            "top-k(0.01)",
            static (parts, _) => parts.Count == 1 ? CompressorSyntax.TopK(parts[0]) : throw Brackets("top-k", "one ratio or count", "top-k(0.01)")),
        new(
            "feedback",
            "Holds what the compressor inside loses and gives it again with the next vector.",
            "a compressor without memory",
            "feedback(top-k(0.01))",
            static (parts, read) => parts.Count == 1
                ? new Feedback(read(parts[0]))
                : throw Brackets("feedback", "one compressor", "feedback(top-k(0.01))")),
    ];

    /// <summary>The line of a name.</summary>
    /// <param name="name">The name, without brackets.</param>
    /// <exception cref="ConfigurationException">There is none; names the nearest.</exception>
    public static CompressorEntry Find(string name) => Find(name, Entries);

    internal static CompressorEntry Find(string name, IReadOnlyList<CompressorEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Name == name)
            {
                return entry;
            }
        }

        throw new ConfigurationException($"'{name}' is not a compressor; {Nearest.Clause(name, entries.Select(e => e.Name))}");
    }

    private static ConfigurationException Brackets(string name, string needed, string example) =>
        new($"{name} takes {needed} in brackets; write '{example}'");
}

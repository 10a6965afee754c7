using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>A table of numbers in a text file with separators, plain or gzip.</summary>
/// <param name="File">The file.</param>
/// <param name="Classes">Number of classes; 0 for regression.</param>
/// <remarks><code>new CsvSource("covertype.csv.gz", Classes: 7) { Header = true, Drop = ["Id"] }
/// new CsvSource("wdbc.csv.gz", Classes: 2) { Header = true, Label = "diagnosis", LabelNames = ["B", "M"], Drop = ["id"] }</code></remarks>
public sealed record CsvSource(string File, int Classes) : DataSource
{
    /// <summary>Whether the first row holds column names.</summary>
    public bool Header { get; init; }

    /// <summary>The label's column: its name (with a header) or number from 0; empty: the last.</summary>
    public string Label { get; init; } = "";

    /// <summary>Columns to leave out, by name or number from 0.</summary>
    public ImmutableArray<string> Drop { get; init; } = [];

    /// <summary>Features that must be left; 0: whatever the first row has.</summary>
    public int Features { get; init; }

    /// <summary>How labels are mapped.</summary>
    public LabelMap LabelMap { get; init; } = LabelMap.Auto;

    /// <summary>If labels are words: the words, class 0 first. Empty: labels are numbers.</summary>
    public ImmutableArray<string> LabelNames { get; init; } = [];

    /// <summary>Between fields.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>Most bytes the file may unpack to.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <inheritdoc/>
    public override string Name() => ShortName(File);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [File];

    /// <inheritdoc/>
    public override string Options() => string.Create(
        CultureInfo.InvariantCulture,
        $"csv|{Classes}|{Header}|{Label}|{List(Drop)}|{Features}|{LabelMap}|{List(LabelNames)}|{Separator}|{MaxBytes}");

    /// <inheritdoc/>
    public override void Decode(DatasetWriter writer, CancellationToken stop) => CsvTable.Read(this, writer, stop);

    // Lengths in front, so that no two lists give the same text.
    private static string List(ImmutableArray<string> items) => string.Concat(items.Select(i => $"{i.Length}:{i};"));
}

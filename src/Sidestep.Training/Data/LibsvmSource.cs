using System.Globalization;

namespace Sidestep.Training;

/// <summary>A text file of sparse rows, <c>label index:value index:value …</c>, indices from 1, plain or gzip. Rows stay sparse.</summary>
/// <param name="File">The file.</param>
/// <param name="Features">The dimension, which files do not tell (the test half of a9a never uses its last index).</param>
/// <param name="Classes">Number of classes; 0 for regression.</param>
/// <param name="LabelMap">How labels are mapped.</param>
/// <remarks><code>new LibsvmSource("a9a.gz", Features: 123, Classes: 2)</code></remarks>
public sealed record LibsvmSource(string File, int Features, int Classes, LabelMap LabelMap = LabelMap.Auto) : DataSource
{
    /// <summary>Most bytes the file may unpack to.</summary>
    public long MaxBytes { get; init; } = 16L << 30;

    /// <inheritdoc/>
    public override string Name() => ShortName(File);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [File];

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"libsvm|{Features}|{Classes}|{LabelMap}|{MaxBytes}");

    /// <inheritdoc/>
    public override void Decode(DatasetWriter writer, CancellationToken stop) => LibsvmReader.Read(this, writer, stop);
}

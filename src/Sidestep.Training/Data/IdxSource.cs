using System.Globalization;

namespace Sidestep.Training;

/// <summary>Pictures and labels in two IDX files (the MNIST format), plain or gzip. Features are the pixels of a picture, as byte × (1/255).</summary>
/// <param name="Images">The file of pictures: unsigned bytes, 2 to 4 dimensions, the first is the count.</param>
/// <param name="Labels">The file of labels: unsigned bytes, 1 dimension, as many.</param>
/// <param name="Classes">Number of classes, at least 2.</param>
/// <remarks><code>new IdxSource("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", Classes: 10)</code></remarks>
public sealed record IdxSource(string Images, string Labels, int Classes) : DataSource
{
    /// <summary>How labels are mapped.</summary>
    public LabelMap LabelMap { get; init; } = LabelMap.Auto;

    /// <inheritdoc/>
    public override string Name() => ShortName(Images);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [Images, Labels];

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"idx|{Classes}|{LabelMap}");

    /// <inheritdoc/>
    public override void Decode(DatasetWriter writer, CancellationToken stop) => IdxReader.Read(this, writer, stop);
}

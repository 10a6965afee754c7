using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>CIFAR-10 in its binary version, plain or gzip: records of a label byte and 32 × 32 × 3 bytes, one plane each of red, green and blue.</summary>
/// <remarks>Source: A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009. Features are the pixels in this order, as byte × (1/255).
/// <code>new CifarSource(["data_batch_1.bin", "data_batch_2.bin"])</code></remarks>
/// <param name="Batches">The files, in the order in which their rows follow each other.</param>
public sealed record CifarSource(ImmutableArray<string> Batches) : DataSource
{
    private const int Classes = 10;
    private static readonly PictureShape Shape = new(32, 32, 3);

    /// <summary>How labels are mapped.</summary>
    public LabelMap LabelMap { get; init; } = LabelMap.Auto;

    /// <inheritdoc/>
    public override string Name() => ShortName(Batches[0]);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => Batches;

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"cifar-10|{LabelMap}");

    /// <summary>Reads the files; memory: one picture.</summary>
    /// <param name="writer">Receives the rows.</param>
    /// <param name="stop">Checked every 1024 rows.</param>
    /// <exception cref="DataException">A file is missing, damaged, cut off or of another format.</exception>
    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        var picture = new byte[Shape.Height * Shape.Width * Shape.Channels];
        writer.Begin(Name(), picture.Length, Classes, RowFormat.Bytes, LabelMap);
        writer.Pictures(Shape);
        foreach (var file in Batches)
        {
            using var stream = DataStream.Open(file, long.MaxValue);
            Read(stream, file, picture, writer, stop);
        }
    }

    private static void Read(DataStream stream, string file, byte[] picture, DatasetWriter writer, CancellationToken stop)
    {
        Span<byte> label = stackalloc byte[1];
        for (var row = 1L; stream.Read(label) > 0; row++)
        {
            if (row % 1024 == 1)
            {
                stop.ThrowIfCancellationRequested();
                writer.Reached(stream.FilePosition, stream.FileLength);
            }

            if (label[0] >= Classes)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}, row {row}: the label byte is {label[0]}; CIFAR-10 has the classes 0..9: is it the binary version, records of 3073 bytes?"));
            }

            stream.ReadWhole(picture, row);
            writer.Add(picture, label[0]);
        }
    }
}

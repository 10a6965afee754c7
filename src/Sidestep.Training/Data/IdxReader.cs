using System.Buffers.Binary;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>Reads IDX files: big-endian magic 00 00 08 D (unsigned bytes, D dimensions), D sizes of 32 bits, then the bytes.</summary>
/// <remarks>Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits", file format section.</remarks>
public static class IdxReader
{
    /// <summary>Reads pictures and labels side by side; memory: one picture.</summary>
    /// <param name="source">The files.</param>
    /// <param name="writer">Receives the rows.</param>
    /// <param name="stop">Checked every 1024 rows.</param>
    /// <exception cref="DataException">A file is missing, damaged, cut off, too long or of another format; the counts differ; a label is out of range.</exception>
    public static void Read(IdxSource source, DatasetWriter writer, CancellationToken stop)
    {
        using var images = DataStream.Open(source.Images, long.MaxValue);
        using var labels = DataStream.Open(source.Labels, long.MaxValue);
        var (count, features, shape) = ReadHeader(images, source.Images, 2, 4);
        var (labelCount, _, _) = ReadHeader(labels, source.Labels, 1, 1);
        if (count != labelCount)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{source.Images} has {count} pictures but {source.Labels} has {labelCount} labels"));
        }

        writer.Begin(source.Name(), features, source.Classes, RowFormat.Bytes, source.LabelMap, source.Labels);
        if (shape is not null)
        {
            writer.Pictures(shape);
        }

        var picture = new byte[features];
        Span<byte> label = stackalloc byte[1];
        for (var row = 0; row < count; row++)
        {
            if (row % 1024 == 0)
            {
                stop.ThrowIfCancellationRequested();
                writer.Reached(images.FilePosition, images.FileLength);
            }

            images.ReadWhole(picture, row + 1);
            labels.ReadWhole(label, row + 1);
            writer.Add(picture, label[0]);
        }

        images.ExpectEnd();
        labels.ExpectEnd();
    }

    /// <summary>Reads and checks a header before anything is allocated by it.</summary>
    private static (int Count, int Size, PictureShape? Shape) ReadHeader(DataStream stream, string path, int fewest, int most)
    {
        Span<byte> word = stackalloc byte[4];
        stream.ReadWhole(word, row: 0);
        var magic = BinaryPrimitives.ReadUInt32BigEndian(word);
        var dimensions = (int)(magic & 0xff);
        if (magic >> 8 != 8 || dimensions < fewest || dimensions > most)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: starts with {magic} where IDX has {(fewest == 1 ? 2049 : 2051)} ({(fewest == 1 ? "labels" : "pictures")}): wrong magic"));
        }

        stream.ReadWhole(word, row: 0);
        var count = BinaryPrimitives.ReadUInt32BigEndian(word);
        UInt128 size = 1;
        Span<uint> sides = stackalloc uint[4];
        for (var d = 1; d < dimensions; d++)
        {
            stream.ReadWhole(word, row: 0);
            sides[d] = BinaryPrimitives.ReadUInt32BigEndian(word);
            size *= sides[d];
        }

        CheckClaim(stream, path, count, size, 4 + (4 * dimensions));
        return ((int)count, (int)size, dimensions == 3 ? new PictureShape((int)sides[1], (int)sides[2], 1) : null);
    }

    private static void CheckClaim(DataStream stream, string path, uint count, UInt128 size, int header)
    {
        var claim = (count * size) + (uint)header;
        if (count is 0 or > int.MaxValue || size == 0 || size > (uint)Array.MaxLength || claim > (UInt128)stream.LargestContent)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path}: the header claims {count} rows of {size} bytes, {claim} bytes in all; the file of {stream.FileLength} bytes can hold at most {stream.LargestContent}"));
        }
    }
}

namespace Sidestep.Training;

/// <summary>Where the rows of a data set lie: one piece (a cache file), or many (shards).</summary>
internal abstract class RowStorage
{
    internal abstract RowFormat Format { get; }

    internal abstract long Count { get; }

    internal abstract int Features { get; }

    internal abstract int Classes { get; }

    /// <summary>128 bits over all rows and labels, as hex.</summary>
    internal abstract string Fingerprint { get; }

    /// <summary>Most bytes that are looked at in one go.</summary>
    internal abstract int LargestView { get; }

    /// <summary>The characters that tokens stand for, token 0 first; empty: the rows are no text.</summary>
    internal virtual string Vocabulary => string.Empty;

    /// <summary>The piece that holds a row; not for windows, which lie in no piece.</summary>
    internal abstract RowPiece Piece(long row);

    /// <summary>Reads labels from a row on.</summary>
    /// <returns>How many were read; at least one.</returns>
    internal virtual int ReadLabels(long row, Span<float> target)
    {
        var piece = Piece(row);
        var count = Math.Min(target.Length, piece.RowsFrom(row));
        piece.ReadLabels(row, target[..count]);
        return count;
    }
}

/// <summary>Consecutive rows in one store. A sparse row is stored as its columns, then its values, so that writing needs no second file.</summary>
/// <param name="Store">The bytes.</param>
/// <param name="First">Number of the first row.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="RowsOffset">Where the rows start.</param>
/// <param name="LabelsOffset">Where the labels start, one float a row.</param>
/// <param name="StartsOffset">Where the Count + 1 row starts of sparse rows are, in entries, one long a row.</param>
/// <param name="Signs">Whether the classes 0 and 1 are to be read as −1 and +1.</param>
internal readonly record struct RowPiece(
    ByteStore Store, long First, long Count, long RowsOffset, long LabelsOffset, long StartsOffset, bool Signs)
{
    /// <summary>Rows from a row on, the row included.</summary>
    internal int RowsFrom(long row) => (int)Math.Min(int.MaxValue, First + Count - row);

    internal void ReadLabels(long row, Span<float> target)
    {
        Store.Copy(LabelsOffset + ((row - First) * sizeof(float)), target);
        if (Signs)
        {
            foreach (ref var label in target)
            {
                label = (2 * label) - 1;
            }
        }
    }
}

/// <summary>A decoded data set in one store.</summary>
internal sealed class WholeStorage(ByteStore store, DatasetHeader header) : RowStorage
{
    private readonly RowPiece _piece = new(
        store, 0, header.Count, DatasetHeader.RowsOffset, header.LabelsOffset, header.StartsOffset, Signs: false);

    internal override RowFormat Format => header.Format;

    internal override long Count => header.Count;

    internal override int Features => header.Features;

    internal override int Classes => header.Classes;

    internal override string Fingerprint => header.Fingerprint.ToString("x32", System.Globalization.CultureInfo.InvariantCulture);

    internal override int LargestView => 1 << 30;

    internal override RowPiece Piece(long row) => _piece;
}

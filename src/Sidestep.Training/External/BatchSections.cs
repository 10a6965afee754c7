using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>Where the parts of a batch lie in memory shared with a program; every part starts at a multiple of 64 bytes.</summary>
/// <param name="Start">Offset of the first part.</param>
/// <param name="Numbers">Offset of the row numbers, 8 bytes each.</param>
/// <param name="Labels">Offset of the labels.</param>
/// <param name="RowStarts">Offset of the row starts of sparse rows.</param>
/// <param name="Columns">Offset of the columns of sparse rows.</param>
/// <param name="Values">Offset of the values.</param>
/// <param name="End">Offset behind the last part.</param>
internal readonly record struct BatchSections(long Start, long Numbers, long Labels, long RowStarts, long Columns, long Values, long End)
{
    /// <summary>Bytes of the body of a request about rows.</summary>
    public const int BodyBytes = 88;

    private const int Alignment = 64;
    private const uint SparseFlag = 1, NumbersFlag = 2;

    public static BatchSections Of(in Batch batch, long start)
    {
        var labels = Align(start + ((long)batch.Numbers.Length * sizeof(long)));
        var starts = Align(labels + ((long)batch.Labels.Length * sizeof(float)));
        var columns = Align(starts + ((long)batch.RowStarts.Length * sizeof(int)));
        var values = Align(columns + ((long)batch.Columns.Length * sizeof(int)));
        return new BatchSections(start, start, labels, starts, columns, values, values + ((long)batch.Values.Length * sizeof(float)));
    }

    /// <summary>Copies the batch to its place.</summary>
    public void Copy(in Batch batch, ExecMemory memory)
    {
        batch.Numbers.Span.CopyTo(memory.Span<long>(Numbers, batch.Numbers.Length));
        batch.Labels.Span.CopyTo(memory.Span<float>(Labels, batch.Labels.Length));
        batch.Values.Span.CopyTo(memory.Span<float>(Values, batch.Values.Length));
        batch.Columns.Span.CopyTo(memory.Span<int>(Columns, batch.Columns.Length));
        batch.RowStarts.Span.CopyTo(memory.Span<int>(RowStarts, batch.RowStarts.Length));
    }

    /// <summary>Writes the body of a request.</summary>
    public void Write(in Batch batch, ulong stamp, Span<byte> body)
    {
        body.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(body, stamp);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], batch.Numbers.IsEmpty ? -1 : batch.Round);
        BinaryPrimitives.WriteInt32LittleEndian(body[16..], batch.Numbers.IsEmpty ? -1 : batch.Partition);
        BinaryPrimitives.WriteInt32LittleEndian(body[20..], batch.Count);
        BinaryPrimitives.WriteInt32LittleEndian(body[24..], batch.Features);
        BinaryPrimitives.WriteUInt32LittleEndian(body[28..], (batch.IsSparse ? SparseFlag : 0) | (batch.Numbers.IsEmpty ? 0 : NumbersFlag));
        BinaryPrimitives.WriteInt64LittleEndian(body[32..], batch.Values.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body[40..], End - Start);
        BinaryPrimitives.WriteInt64LittleEndian(body[48..], Numbers);
        BinaryPrimitives.WriteInt64LittleEndian(body[56..], Labels);
        BinaryPrimitives.WriteInt64LittleEndian(body[64..], RowStarts);
        BinaryPrimitives.WriteInt64LittleEndian(body[72..], Columns);
        BinaryPrimitives.WriteInt64LittleEndian(body[80..], Values);
    }

    private static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}

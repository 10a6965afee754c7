using System.Buffers;
using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>The sending end of <see cref="TopK"/>; remembers nothing.</summary>
internal sealed class TopKWriter(byte codec, int length, int count) : IVectorWriter<float>
{
    private readonly LargestMagnitudes _largest = new(length, count);

    public void Write(long round, ReadOnlySpan<float> vector, IBufferWriter<byte> message)
    {
        VectorChecks.Length(length, vector.Length);
        var indices = _largest.Select(vector);
        var rice = SparseFormat.RiceParameter(length, indices.Length);
        var indexBytes = SparseFormat.IndexBytes(indices, rice);
        var bytes = CompressionFrame.HeaderBytes + indexBytes + (indices.Length * SparseFormat.ValueBytes);
        var target = message.GetSpan(bytes)[..bytes];
        SparseFormat.WriteIndices(indices, rice, target.Slice(CompressionFrame.HeaderBytes, indexBytes));
        var values = target[(CompressionFrame.HeaderBytes + indexBytes)..];
        for (var j = 0; j < indices.Length; j++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(values[(j * SparseFormat.ValueBytes)..], vector[indices[j]]);
        }

        new CompressionFrame(codec, CompressionFrame.EntropyCoded, (byte)rice, 0, (ulong)length, (ulong)indices.Length).Seal(target);
        message.Advance(bytes);
    }

    public void Settle(long round, bool used)
    {
        // Nothing is remembered, so nothing is owed.
    }

    public void Save(IStateWriter writer)
    {
        // Stateless.
    }

    public void Load(IStateReader reader)
    {
        // Stateless.
    }
}

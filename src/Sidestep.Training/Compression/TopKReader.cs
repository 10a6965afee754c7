using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>The receiving end of <see cref="TopK"/>: looks at the whole message before it touches the vector.</summary>
internal sealed class TopKReader(TopK recipe, int length, int count) : IVectorReader<float>
{
    private readonly int[] _indices = new int[count];

    public int MaxBytes(int length) => recipe.MaxBytes(length);

    public void Read(long round, ReadOnlySpan<byte> message, Span<float> vector)
    {
        VectorChecks.Length(length, vector.Length);
        var sent = Sent(CompressionFrame.Open(message));
        var payload = message[CompressionFrame.HeaderBytes..];
        var indexBytes = payload.Length - (sent * SparseFormat.ValueBytes);
        if (indexBytes < 0)
        {
            throw new MalformedException(RejectCodes.Sparse, $"a sparse vector of {sent} elements has only {payload.Length} payload bytes");
        }

        var indices = _indices.AsSpan(0, sent);
        SparseFormat.ReadIndices(payload[..indexBytes], SparseFormat.RiceParameter(length, sent), length, indices);
        var values = payload[indexBytes..];
        for (var j = 0; j < sent; j++)
        {
            var value = BinaryPrimitives.ReadSingleLittleEndian(values[(j * SparseFormat.ValueBytes)..]);
            if (value == 0 || !float.IsFinite(value))
            {
                throw new MalformedException(RejectCodes.Sparse, $"element {indices[j]} of a sparse vector is sent as zero or is not finite");
            }
        }

        vector.Clear();
        for (var j = 0; j < sent; j++)
        {
            vector[indices[j]] = BinaryPrimitives.ReadSingleLittleEndian(values[(j * SparseFormat.ValueBytes)..]);
        }
    }

    public void Save(IStateWriter writer)
    {
        // Stateless.
    }

    public void Load(IStateReader reader)
    {
        // Stateless.
    }

    private int Sent(CompressionFrame frame)
    {
        if (frame.Codec != recipe.CodecId || frame.Flags != CompressionFrame.EntropyCoded || frame.B != 0)
        {
            throw new MalformedException(
                RejectCodes.Codec, $"the frame says codec {frame.Codec}, flags {frame.Flags}, B {frame.B}; top-k has codec {recipe.CodecId}, flags {CompressionFrame.EntropyCoded}, B 0");
        }

        if (frame.Length != (ulong)length)
        {
            throw new MalformedException(RejectCodes.Codec, $"the frame is of a vector of {frame.Length} elements, {length} are expected");
        }

        if (frame.Count > (ulong)count)
        {
            throw new MalformedException(RejectCodes.Sparse, $"the frame has {frame.Count} elements, {recipe.Name} of {length} sends at most {count}");
        }

        var rice = SparseFormat.RiceParameter(length, (int)frame.Count);
        return frame.A == rice
            ? (int)frame.Count
            : throw new MalformedException(RejectCodes.Sparse, $"the frame has Rice parameter {frame.A}, it must be {rice}");
    }
}

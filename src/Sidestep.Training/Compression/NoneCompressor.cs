using System.Buffers;

namespace Sidestep.Training;

/// <summary>No compression: raw float32, little-endian, without a frame. Lossless (the very bits), 4 bytes per element.</summary>
/// <remarks>The reader takes exactly 4·d bytes of finite values. <code>ICompressor&lt;float&gt; uplink = new NoneCompressor();</code></remarks>
public sealed record NoneCompressor : ICompressor<float>
{
    /// <inheritdoc/>
    public string Name => "none";

    /// <inheritdoc/>
    public ushort CodecId => 0;

    /// <inheritdoc/>
    public CompressorTraits Traits => new(
        Remembers: false, Unbiased: true, Lossless: true, Contraction: static _ => 1, CommutesWithSums: true);

    /// <inheritdoc/>
    public int MaxBytes(int length)
    {
        VectorChecks.Opened(Name, length);
        return length <= Array.MaxLength / sizeof(float)
            ? length * sizeof(float)
            : throw new ConfigurationException($"a raw vector of {length} elements needs more than {Array.MaxLength} bytes; cut it into blocks");
    }

    /// <inheritdoc/>
    public IVectorWriter<float> CreateWriter(StreamKey key, int length) => new Writer(MaxBytes(length));

    /// <inheritdoc/>
    public IVectorReader<float> CreateReader(StreamKey key, int length) => new Reader(MaxBytes(length));

    private sealed class Writer(int bytes) : IVectorWriter<float>
    {
        public void Write(long round, ReadOnlySpan<float> vector, IBufferWriter<byte> message)
        {
            VectorChecks.Length(bytes / sizeof(float), vector.Length);
            var bad = FiniteScan.IndexOfNonFinite(vector);
            if (bad >= 0)
            {
                throw VectorChecks.NonFinite("the vector", bad, vector[bad]);
            }

            FloatBytes.Write(vector, message.GetSpan(bytes));
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

    private sealed class Reader(int bytes) : IVectorReader<float>
    {
        public int MaxBytes(int length) => new NoneCompressor().MaxBytes(length);

        public void Read(long round, ReadOnlySpan<byte> message, Span<float> vector)
        {
            VectorChecks.Length(bytes / sizeof(float), vector.Length);
            if (message.Length != bytes)
            {
                throw new MalformedException(RejectCodes.Codec, $"a raw vector has {message.Length} bytes, {bytes} are expected");
            }

            var bad = FloatBytes.IndexOfNonFinite(message);
            if (bad >= 0)
            {
                throw new MalformedException(RejectCodes.Codec, $"element {bad} of a raw vector is not finite");
            }

            FloatBytes.Read(message, vector);
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
}

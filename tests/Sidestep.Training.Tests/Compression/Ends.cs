using System.Buffers;

namespace Sidestep.Training.Tests.Compression;

/// <summary>Both ends of a stream, for tests.</summary>
internal static class Ends
{
    public static readonly StreamKey Key = new(7, 0);

    public static byte[] Encode(ICompressor<float> compressor, float[] vector)
    {
        var buffer = new ArrayBufferWriter<byte>();
        compressor.CreateWriter(Key, vector.Length).Write(0, vector, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Write(IVectorWriter<float> writer, long round, float[] vector)
    {
        var buffer = new ArrayBufferWriter<byte>();
        writer.Write(round, vector, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    public static float[] Decode(ICompressor<float> compressor, byte[] message, int length)
    {
        var vector = new float[length];
        compressor.CreateReader(Key, length).Read(0, message, vector);
        return vector;
    }

    /// <summary>A buffer that never allocates.</summary>
    public sealed class Fixed(int bytes) : IBufferWriter<byte>
    {
        private readonly byte[] _bytes = new byte[bytes];
        private int _written;

        public void Clear() => _written = 0;

        public void Advance(int count) => _written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.AsMemory(_written);

        public Span<byte> GetSpan(int sizeHint = 0) => _bytes.AsSpan(_written);
    }
}

using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The bytes of a decoded data set. Hands out copies only, so that the memory under it may go when the last reader has gone.</summary>
internal abstract class ByteStore
{
    internal abstract long Length { get; }

    /// <summary>A view that is valid while this object is reachable.</summary>
    protected abstract ReadOnlySpan<byte> View(long offset, int length);

    internal void Copy<T>(long offset, Span<T> destination)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(destination);
        View(offset, bytes.Length).CopyTo(bytes);
        GC.KeepAlive(this);
    }

    internal void CopyScaled(long offset, Span<float> destination)
    {
        PixelKernels.Scale(View(offset, destination.Length), destination);
        GC.KeepAlive(this);
    }

    internal uint Checksum(long offset)
    {
        const int chunk = 1 << 20;
        var state = Crc32C.Start;
        for (; offset < Length; offset += chunk)
        {
            state = Crc32C.Append(state, View(offset, (int)Math.Min(chunk, Length - offset)));
        }

        GC.KeepAlive(this);
        return ~state;
    }
}

/// <summary>Bytes in an array.</summary>
internal sealed class ArrayStore(byte[] bytes, int length) : ByteStore
{
    internal override long Length => length;

    protected override ReadOnlySpan<byte> View(long offset, int count) => bytes.AsSpan(checked((int)offset), count);
}

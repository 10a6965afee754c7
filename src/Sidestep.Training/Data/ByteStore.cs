using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The bytes of a decoded data set.</summary>
internal abstract class ByteStore
{
    internal abstract long Length { get; }

    /// <summary>A view that is valid while this object is reachable: callers end with <see cref="GC.KeepAlive"/>.</summary>
    internal abstract ReadOnlySpan<byte> View(long offset, int length);

    internal void Copy<T>(long offset, Span<T> destination)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(destination);
        View(offset, bytes.Length).CopyTo(bytes);
        GC.KeepAlive(this);
    }

    internal uint Checksum(long offset)
    {
        const int chunk = 1 << 20;
        var state = 0u;
        for (; offset < Length; offset += chunk)
        {
            state = Sidestep.Checksum.Crc32C(View(offset, (int)Math.Min(chunk, Length - offset)), state);
        }

        GC.KeepAlive(this);
        return state;
    }
}

/// <summary>Bytes in an array.</summary>
internal sealed class ArrayStore(byte[] bytes, int length) : ByteStore
{
    internal override long Length => length;

    internal override ReadOnlySpan<byte> View(long offset, int count) => bytes.AsSpan(checked((int)offset), count);
}

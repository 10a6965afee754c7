namespace Sidestep;

/// <summary>Reference-counted, pooled payload memory. Whoever holds a reference disposes it once; the last one gives the memory back.</summary>
public sealed class PayloadLease : IDisposable
{
    private readonly PayloadPool _pool;
    private uint[] _checksums = [];
    private bool[] _summed = [];
    private int _references;

    internal PayloadLease(PayloadPool pool, byte[] array)
    {
        _pool = pool;
        Array = array;
    }

    /// <summary>The bytes in use.</summary>
    public Memory<byte> Memory => Array.AsMemory(0, Length);

    /// <summary>The bytes in use.</summary>
    public Span<byte> Span => Array.AsSpan(0, Length);

    /// <summary>Bytes in use.</summary>
    public int Length { get; private set; }

    internal byte[] Array { get; }

    /// <summary>Takes a further reference.</summary>
    public PayloadLease Retain()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    /// <summary>CRC-32C of one chunk of the bytes in use, computed once however many receivers they go to. The bytes must not change any more.</summary>
    /// <param name="chunk">The chunk, from 0.</param>
    /// <param name="chunkBytes">Bytes of a chunk; the same in every call.</param>
    public uint ChunkChecksum(int chunk, int chunkBytes)
    {
        lock (_pool)
        {
            if (_checksums.Length <= chunk)
            {
                // Grown for the whole array once: the same lease serves payloads of the same class.
                var chunks = (Array.Length / chunkBytes) + 1;
                (_checksums, _summed) = (new uint[chunks], new bool[chunks]);
            }

            if (_summed[chunk])
            {
                return _checksums[chunk];
            }
        }

        var start = chunk * chunkBytes;
        var checksum = Checksum.Crc32C(Span.Slice(start, Math.Min(chunkBytes, Length - start)));
        lock (_pool)
        {
            (_checksums[chunk], _summed[chunk]) = (checksum, true);
        }

        return checksum;
    }

    /// <summary>Cuts the bytes in use, for payloads whose size is known only after writing.</summary>
    /// <param name="lengthBytes">At most the length leased.</param>
    public void Shorten(int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, Length);
        Length = lengthBytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left == 0)
        {
            _pool.Return(this);
        }
        else if (left < 0)
        {
            throw new ObjectDisposedException(nameof(PayloadLease), "the payload was given back once too often");
        }
    }

    internal PayloadLease Start(int lengthBytes)
    {
        Length = lengthBytes;
        System.Array.Clear(_summed);
        _references = 1;
        return this;
    }
}

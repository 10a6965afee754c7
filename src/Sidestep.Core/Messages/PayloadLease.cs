namespace Sidestep;

/// <summary>Reference-counted, pooled payload memory. Whoever holds a reference disposes it once; the last one gives the memory back.</summary>
public sealed class PayloadLease : IDisposable
{
    private readonly PayloadPool _pool;
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
        _references = 1;
        return this;
    }
}

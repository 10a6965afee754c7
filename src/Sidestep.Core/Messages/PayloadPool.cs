using System.Numerics;

namespace Sidestep;

/// <summary>Pool of payload memory by size class (powers of two, and halves between). Thread-safe; allocates nothing once warm.</summary>
/// <remarks>Memory held is the most that was ever leased at once, rounded up to the classes; <see cref="BytesHeld"/> states it.</remarks>
public sealed class PayloadPool
{
    private readonly Stack<PayloadLease>[] _free = new Stack<PayloadLease>[64];
    private long _bytesHeld;
    private int _outstanding;

    /// <summary>Creates an empty pool.</summary>
    public PayloadPool()
    {
        for (var i = 0; i < _free.Length; i++)
        {
            _free[i] = new Stack<PayloadLease>(4);
        }
    }

    /// <summary>Bytes allocated by the pool, free and leased.</summary>
    public long BytesHeld => Interlocked.Read(ref _bytesHeld);

    /// <summary>Leases not yet given back.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Leases memory; contents are unspecified.</summary>
    /// <param name="lengthBytes">At least 0.</param>
    public PayloadLease Lease(int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        var (index, size) = Class(lengthBytes);
        Interlocked.Increment(ref _outstanding);
        var stack = _free[index];
        lock (stack)
        {
            if (stack.TryPop(out var lease))
            {
                return lease.Start(lengthBytes);
            }
        }

        Interlocked.Add(ref _bytesHeld, size);
        return new PayloadLease(this, GC.AllocateUninitializedArray<byte>(size, pinned: true)).Start(lengthBytes);
    }

    internal void Return(PayloadLease lease)
    {
        Interlocked.Decrement(ref _outstanding);
        var stack = _free[Class(lease.Array.Length).Index];
        lock (stack)
        {
            stack.Push(lease);
        }
    }

    // Classes 2^k and 3·2^(k−1): at most a third of a lease is unused.
    private static (int Index, int Size) Class(int length)
    {
        var power = Math.Max(6, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(1, length - 1)));
        if (power > 30)
        {
            return (63, Array.MaxLength);
        }

        var between = 3 << (power - 2);
        return length <= between ? ((2 * power) - 1, between) : (2 * power, 1 << power);
    }
}

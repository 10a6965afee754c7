using System.Numerics;

namespace Sidestep.Training;

/// <summary>A random permutation of 0..n−1 of which any element is computed alone, in constant memory.</summary>
/// <remarks>A balanced Feistel network of six rounds over the next power of four, walked until the value is below n (Black and Rogaway,
/// "Ciphers with arbitrary finite domains", CT-RSA 2002, "cycle-walking cipher"): at most 4 walks on average. For shuffling, not for secrets.</remarks>
public readonly struct KeyedPermutation
{
    private readonly ulong _size;
    private readonly int _half;
    private readonly ulong _k0, _k1, _k2, _k3, _k4, _k5;

    /// <summary>Draws a permutation.</summary>
    /// <param name="size">n, at least 1.</param>
    /// <param name="rng">The key is taken from it.</param>
    public KeyedPermutation(long size, Rng rng)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _size = (ulong)size;
        _half = Math.Max(1, (65 - BitOperations.LeadingZeroCount(_size - 1)) / 2);
        (_k0, _k1, _k2) = (rng.NextUInt64(), rng.NextUInt64(), rng.NextUInt64());
        (_k3, _k4, _k5) = (rng.NextUInt64(), rng.NextUInt64(), rng.NextUInt64());
    }

    /// <summary>The element at a position.</summary>
    /// <param name="position">0..n−1.</param>
    public long this[long position]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)position, _size, nameof(position));
            var value = (ulong)position;
            do
            {
                value = Encrypt(value);
            }
            while (value >= _size);

            return (long)value;
        }
    }

    private ulong Encrypt(ulong value)
    {
        var mask = (1UL << _half) - 1;
        var (left, right) = (value >> _half, value & mask);
        (left, right) = (right, left ^ (Mix(right ^ _k0) & mask));
        (left, right) = (right, left ^ (Mix(right ^ _k1) & mask));
        (left, right) = (right, left ^ (Mix(right ^ _k2) & mask));
        (left, right) = (right, left ^ (Mix(right ^ _k3) & mask));
        (left, right) = (right, left ^ (Mix(right ^ _k4) & mask));
        (left, right) = (right, left ^ (Mix(right ^ _k5) & mask));
        return (left << _half) | right;
    }

    // The finalizer of splitmix64 (Steele, Lea, Flood, OOPSLA 2014).
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}

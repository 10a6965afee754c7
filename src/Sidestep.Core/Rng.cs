using System.Numerics;

namespace Sidestep;

/// <summary>What a random stream is for; part of the counter, so streams never overlap.</summary>
public enum Purpose : byte
{
    /// <summary>Initial weights.</summary>
    Initialize = 1,

    /// <summary>Which rows a batch takes.</summary>
    Batch = 2,

    /// <summary>Drawing a code table.</summary>
    Code = 3,

    /// <summary>Compressors.</summary>
    Compress = 4,

    /// <summary>Latency and weather.</summary>
    Weather = 5,

    /// <summary>Order of equal times in the simulator.</summary>
    Schedule = 6,

    /// <summary>Generated data.</summary>
    Data = 7,

    /// <summary>Mixers.</summary>
    Mix = 8,

    /// <summary>Tests.</summary>
    Test = 9,

    /// <summary>Which rows are held out for validation.</summary>
    Split = 10,
}

/// <summary>A counter-based stream of random numbers (Philox4x32-10): a pure function of its key and counters, the same on every platform.</summary>
/// <remarks>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011. A stream has 2³² blocks of four words.
/// <code>var rng = new Rng(seed: 1, Purpose.Batch, slot: 0, round: 7, index: 0); var u = rng.NextDouble();</code></remarks>
public struct Rng
{
    private readonly ulong _seed;
    private readonly uint _c1, _c2, _c3;
    private uint _block;
    private int _left;
    private uint _w0, _w1, _w2, _w3;

    /// <summary>Opens a stream.</summary>
    /// <param name="seed">The run's seed (the key).</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="slot">Whose; −1 (coordinator) to 2²⁴ − 2.</param>
    /// <param name="round">The round; its low 32 bits count.</param>
    /// <param name="index">A further counter; its low 32 bits count.</param>
    public Rng(ulong seed, Purpose purpose, int slot, long round, long index)
    {
        _seed = seed;
        _c1 = (uint)round;
        _c2 = ((uint)purpose << 24) | ((uint)(slot + 1) & 0xFFFFFF);
        _c3 = (uint)index;
        _block = 0;
        _left = 0;
        _w0 = _w1 = _w2 = _w3 = 0;
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_left == 0)
        {
            (_w0, _w1, _w2, _w3) = Philox.Block(_block++, _c1, _c2, _c3, (uint)_seed, (uint)(_seed >> 32));
            _left = 4;
        }

        return (4 - _left--) switch { 0 => _w0, 1 => _w1, 2 => _w2, _ => _w3 };
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1L << 53));

    /// <summary>Uniform in [0, bound), without bias (Lemire 2019).</summary>
    /// <param name="bound">At least 1.</param>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        var product = (ulong)NextUInt32() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            var threshold = (0u - (uint)bound) % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (ulong)NextUInt32() * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>Standard normal (polar method with our own logarithm, hence portable).</summary>
    public double NextGaussian()
    {
        while (true)
        {
            var u = (2 * NextDouble()) - 1;
            var v = (2 * NextDouble()) - 1;
            var s = (u * u) + (v * v);
            if (s is > 0 and < 1)
            {
                return u * Math.Sqrt(-2 * Portable.Log(s) / s);
            }
        }
    }

    /// <summary>Exponential with the given mean.</summary>
    /// <param name="mean">The mean.</param>
    public double NextExponential(double mean) => -mean * Portable.Log(1 - NextDouble());
}

/// <summary>The Philox4x32-10 block function.</summary>
public static class Philox
{
    /// <summary>Ten rounds on one counter.</summary>
    public static (uint W0, uint W1, uint W2, uint W3) Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var p0 = 0xD2511F53UL * c0;
            var p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }
}

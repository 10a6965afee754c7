using System.Runtime.InteropServices;

namespace Sidestep.Training.Tests.Compression;

/// <summary>Vectors that compressors must survive, and reference vectors.</summary>
internal static class Vectors
{
    private static readonly int[] Lengths = [1, 2, 3, 7, 8, 31, 32, 33, 63, 64, 65, 1000];

    /// <summary>Named vectors of every awkward kind and length.</summary>
    public static IEnumerable<(string Name, float[] Values)> Awkward()
    {
        foreach (var d in Lengths)
        {
            yield return ($"zeros/{d}", new float[d]);
            yield return ($"negative zeros/{d}", Make(d, _ => -0f));
            yield return ($"one-hot/{d}", Make(d, i => i == d / 2 ? -3f : 0));
            yield return ($"constant/{d}", Make(d, _ => 0.7f));
            yield return ($"alternating/{d}", Make(d, i => (i & 1) == 0 ? 2.5f : -2.5f));
            yield return ($"one huge/{d}", Make(d, i => i == d - 1 ? 1e30f : 1e-30f));
            yield return ($"denormal/{d}", Make(d, i => (i + 1) * (((i & 1) == 0) ? float.Epsilon : -float.Epsilon)));
            yield return ($"largest/{d}", Make(d, i => (i % 3) == 0 ? float.MaxValue : -float.MaxValue));
            yield return ($"geometric/{d}", Make(d, i => MathF.ScaleB(1, -(i % 140))));
            yield return ($"gaussian/{d}", Gaussian(d, d));
            yield return ($"mostly zero/{d}", Make(d, i => i % 10 == 3 ? i : 0));
            yield return ($"log-uniform/{d}", LogUniform(d));
        }
    }

    public static float[] Make(int length, Func<int, float> element)
    {
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = element(i);
        }

        return values;
    }

    public static float[] Gaussian(int length, int seed)
    {
        var rng = new Rng((ulong)seed, Purpose.Test, 0, 0, 0);
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = (float)rng.NextGaussian();
        }

        return values;
    }

    public static float[] LogUniform(int length)
    {
        var rng = new Rng(9, Purpose.Test, 0, length, 0);
        return Make(length, _ => (float)(Math.Pow(10, (rng.NextDouble() * 60) - 30) * (rng.Next(2) == 0 ? 1 : -1)));
    }

    /// <summary>The bit-exact reference vector of 10,000 elements: twelve uniform numbers added per element.</summary>
    public static float[] IrwinHall()
    {
        var values = new float[10_000];
        for (var i = 0; i < values.Length; i++)
        {
            long sum = 0;
            for (var word = 12 * i; word < (12 * i) + 12; word++)
            {
                var (w0, w1, w2, w3) = Philox.Block((uint)word >> 2, 0, 1, 0, 200212410, 0);
                sum += (word & 3) switch { 0 => w0 >> 8, 1 => w1 >> 8, 2 => w2 >> 8, _ => w3 >> 8 };
            }

            values[i] = (float)((sum - (6L << 24)) * Math.Pow(2, -24));
        }

        return values;
    }

    public static double Energy(ReadOnlySpan<float> values)
    {
        var sum = 0.0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum;
    }

    /// <summary>The largest magnitudes by sorting, lower indices first among equals, without zeros; ascending.</summary>
    public static int[] LargestBySorting(float[] values, int count) =>
        Enumerable.Range(0, values.Length)
            .Where(i => values[i] != 0)
            .OrderByDescending(i => Math.Abs(values[i]))
            .ThenBy(i => i)
            .Take(count)
            .Order()
            .ToArray();

    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what) =>
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)), what);
}

using System.Diagnostics;

namespace Sidestep.Rounds;

/// <summary>Combining n vectors in one pass beside a memory copy: bytes read and written per second on one core.</summary>
internal static class CombineAndCopy
{
    public static void Report(int vectors, int floats)
    {
        var shares = Enumerable.Range(0, vectors).Select(_ => new float[floats]).ToArray();
        var weights = Enumerable.Range(0, vectors).Select(i => 0.5f + i).ToArray();
        foreach (var share in shares)
        {
            Array.Fill(share, 0.25f);
        }

        var sum = new float[floats];
        var copies = Enumerable.Range(0, vectors).Select(_ => new float[floats]).ToArray();
        var combine = Best(() => WeightedSum.Combine(new Shares(shares), weights, sum));

        // The copy moves all vectors: a single one would stay in the cache.
        var move = Best(() =>
        {
            for (var i = 0; i < vectors; i++)
            {
                shares[i].CopyTo(copies[i], 0);
            }
        });
        var combined = (vectors + 1.0) * floats * sizeof(float) / combine / 1e6;
        var moved = 2.0 * vectors * floats * sizeof(float) / move / 1e6;
        Console.WriteLine($"combining {vectors} × {floats:N0}: {combine:0.00} ms, {combined:0.0} GB/s; memory copy {move:0.00} ms, {moved:0.0} GB/s; ratio {combined / moved:0.00}");
    }

    private static double Best(Action work)
    {
        var best = double.MaxValue;
        for (var i = 0; i < 15; i++)
        {
            var began = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return best;
    }

    private readonly struct Shares(float[][] shares) : IVectors
    {
        public int Count => shares.Length;

        public ReadOnlySpan<float> this[int index] => shares[index];
    }
}

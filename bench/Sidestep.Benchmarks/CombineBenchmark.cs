using BenchmarkDotNet.Attributes;

namespace Sidestep.Benchmarks;

/// <summary>Combining eight shares of 6.25 M floats beside a memory copy of the same bytes and beside eight axpy passes.</summary>
[MemoryDiagnoser]
public class CombineBenchmark
{
    private const int Length = 6_250_000;
    private readonly float[][] _shares = new float[8][];
    private readonly float[] _weights = [1f, 0.5f, -2f, 1f, 0.25f, 3f, 1f, -1f];
    private readonly float[] _sum = new float[Length];
    private readonly float[] _source = new float[8 * Length];
    private readonly float[] _copy = new float[8 * Length];

    [GlobalSetup]
    public void Fill()
    {
        var rng = new Rng(1, Purpose.Test, 0, 0, 0);
        for (var i = 0; i < _shares.Length; i++)
        {
            _shares[i] = new float[Length];
            for (var j = 0; j < Length; j++)
            {
                _shares[i][j] = (float)rng.NextDouble() - 0.5f;
            }
        }
    }

    [Benchmark(Baseline = true)]
    public void MemoryCopy() => _source.AsSpan().CopyTo(_copy);

    [Benchmark]
    public void OnePass() => WeightedSum.Combine(new Shares(_shares), _weights, _sum);

    [Benchmark]
    public void EightAxpyPasses()
    {
        Array.Clear(_sum);
        for (var i = 0; i < _shares.Length; i++)
        {
            Axpy.Add(_weights[i], _shares[i], _sum);
        }
    }

    private readonly struct Shares(float[][] shares) : IVectors
    {
        public int Count => shares.Length;

        public ReadOnlySpan<float> this[int index] => shares[index];
    }
}

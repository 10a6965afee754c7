using System.Numerics.Tensors;

namespace Sidestep.Rounds;

/// <summary>One training step by two threads of this process: each takes the gradient of half the batch, then the halves are added and descent takes its step.</summary>
internal sealed class TwoThreads : IDisposable
{
    private readonly IObjective[] _objectives;
    private readonly Batch[] _halves;
    private readonly float[][] _sums;
    private readonly float[] _model;
    private readonly int _samples;
    private readonly Barrier _barrier = new(2);
    private readonly Thread _second;
    private volatile bool _ends;

    public TwoThreads(Func<IObjective> objective, int features, int samples)
    {
        _objectives = [objective(), objective()];
        _samples = samples;
        _model = new float[_objectives[0].Shape.Length];
        _objectives[0].Initialize(new Rng(1, Purpose.Initialize, 0, 0, 0), _model);
        _sums = [new float[_model.Length], new float[_model.Length]];
        var half = samples / 2;
        _halves = [.. Enumerable.Range(0, 2).Select(h => Random(h, half, features))];
        _second = new Thread(() =>
        {
            for (_barrier.SignalAndWait(); !_ends; _barrier.SignalAndWait())
            {
                Half(1);
                _barrier.SignalAndWait();
            }
        });
        _second.Start();
    }

    /// <summary>Mean loss before the last step.</summary>
    public double Loss { get; private set; }

    public void Step()
    {
        _barrier.SignalAndWait();
        var loss = Half(0);
        _barrier.SignalAndWait();
        Loss = loss;
        TensorPrimitives.Add<float>(_sums[0], _sums[1], _sums[0]);
        Axpy.Add(-0.05f / _samples, _sums[0], _model.AsSpan());
    }

    public void Dispose()
    {
        _ends = true;
        _barrier.SignalAndWait();
        _second.Join();
        _barrier.Dispose();
    }

    private double Half(int half)
    {
        Array.Clear(_sums[half]);
        return _objectives[half].Gradient(_halves[half], _model, _sums[half], default) / _halves[half].Count;
    }

    private static Batch Random(int half, int count, int features)
    {
        var rng = new Rng(1, Purpose.Test, 0, 0, half);
        var values = new float[count * features];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)rng.NextDouble();
        }

        return new Batch { Count = count, Features = features, Values = values, Labels = Enumerable.Range(0, count).Select(i => (float)(i % 10)).ToArray() };
    }
}

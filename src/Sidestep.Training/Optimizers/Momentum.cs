using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Heavy-ball momentum: v ← β·v + g, w ← w − η·v.</summary>
/// <param name="Rate">η.</param>
/// <param name="Beta">β, in [0, 1); 0 is gradient descent.</param>
/// <remarks>Source: Polyak 1964; the form (v in gradient units, no dampening) is that of PyTorch's SGD. State: one vector, in one pass over 3.
/// <code>var optimizer = new Momentum(0.1, 0.9);</code></remarks>
public sealed record Momentum(Schedule Rate, double Beta = 0.9) : IScheduledOptimizer
{
    /// <inheritdoc/>
    public string Name => "momentum";

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">β or the first rate is out of range.</exception>
    public IOptimizerSession Create(int length)
    {
        Rate.Check(1);
        OptimizerChecks.Factor(Name, nameof(Beta), Beta);
        return new Session(Rate, (float)Beta, length);
    }

    private sealed class Session(Schedule schedule, float beta, int length) : IOptimizerSession, IRateScale
    {
        private readonly float[] _velocity = new float[length];

        public double RateScale { get; set; } = 1;

        public void Step(long round, Span<float> parameters, ReadOnlySpan<float> gradient)
        {
            OptimizerChecks.Lengths(_velocity.Length, parameters, gradient);
            var rate = (float)(schedule.Checked(round) * RateScale);
            var w = MemoryMarshal.Cast<float, Vector<float>>(parameters);
            var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
            var v = MemoryMarshal.Cast<float, Vector<float>>(_velocity.AsSpan());
            for (var i = 0; i < w.Length; i++)
            {
                v[i] = (beta * v[i]) + g[i];
                w[i] -= rate * v[i];
            }

            for (var i = w.Length * Vector<float>.Count; i < parameters.Length; i++)
            {
                _velocity[i] = (beta * _velocity[i]) + gradient[i];
                parameters[i] -= rate * _velocity[i];
            }
        }

        public void Save(IStateWriter writer) => writer.Write<float>("velocity", _velocity);

        public void Load(IStateReader reader) => reader.Read<float>("velocity", _velocity);

        public void Digest(Action<ReadOnlySpan<byte>> append) => append(MemoryMarshal.AsBytes(_velocity.AsSpan()));
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Gradient descent: w ← w − η·g.</summary>
/// <param name="Rate">η.</param>
/// <remarks>Source: Robbins, Monro 1951. Stateless; one pass over 2 vectors.
/// <code>var optimizer = new Sgd(0.1);</code></remarks>
public sealed record Sgd(Schedule Rate) : IScheduledOptimizer
{
    /// <inheritdoc/>
    public string Name => "sgd";

    /// <inheritdoc/>
    /// <exception cref="ConfigurationException">The first rate is not a rate.</exception>
    public IOptimizerSession Create(int length)
    {
        Rate.Check(1);
        return new Session(Rate, length);
    }

    private sealed class Session(Schedule schedule, int length) : IOptimizerSession, IRateScale
    {
        public double RateScale { get; set; } = 1;

        public void Step(long round, Span<float> parameters, ReadOnlySpan<float> gradient)
        {
            OptimizerChecks.Lengths(length, parameters, gradient);
            var rate = (float)(schedule.Checked(round) * RateScale);
            var w = MemoryMarshal.Cast<float, Vector<float>>(parameters);
            var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
            for (var i = 0; i < w.Length; i++)
            {
                w[i] -= rate * g[i];
            }

            for (var i = w.Length * Vector<float>.Count; i < parameters.Length; i++)
            {
                parameters[i] -= rate * gradient[i];
            }
        }

        public void Save(IStateWriter writer)
        {
        }

        public void Load(IStateReader reader)
        {
        }

        public void Digest(Action<ReadOnlySpan<byte>> append)
        {
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The state of <see cref="Adam"/> and <see cref="AdamW"/>.</summary>
internal sealed class AdamSession : IOptimizerSession, IRateScale
{
    private readonly Schedule _schedule;
    private readonly double _beta1, _beta2, _epsilon, _decay;
    private readonly float[] _mean;
    private readonly float[] _square;

    // β₁ᵗ and β₂ᵗ as running products: the library's power differs between systems in the last bit.
    private double _power1 = 1;
    private double _power2 = 1;

    internal AdamSession(string name, Schedule schedule, double beta1, double beta2, double epsilon, double decay, int length)
    {
        schedule.Check(1);
        OptimizerChecks.Factor(name, nameof(Adam.Beta1), beta1);
        OptimizerChecks.Factor(name, nameof(Adam.Beta2), beta2);
        if (!((float)epsilon > 0 && double.IsFinite(epsilon) && decay >= 0 && double.IsFinite(decay)))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{name}: Epsilon is {epsilon} and Decay {decay}; above 0 (usually 1e-8) and at least 0"));
        }

        (_schedule, _beta1, _beta2, _epsilon, _decay) = (schedule, beta1, beta2, epsilon, decay);
        _mean = new float[length];
        _square = new float[length];
    }

    public double RateScale { get; set; } = 1;

    public void Step(long round, Span<float> parameters, ReadOnlySpan<float> gradient)
    {
        OptimizerChecks.Lengths(_mean.Length, parameters, gradient);
        var rate = _schedule.Checked(round) * RateScale;
        _power1 *= _beta1;
        _power2 *= _beta2;
        var step = new AdamStep(
            (float)_beta1,
            (float)(1 - _beta1),
            (float)_beta2,
            (float)(1 - _beta2),
            (float)(1 - (rate * _decay)),
            (float)(rate / (1 - _power1)),
            (float)(1 / Math.Sqrt(1 - _power2)),
            (float)_epsilon);
        AdamKernels.Step(step, parameters, gradient, _mean, _square);
    }

    public void Save(IStateWriter writer)
    {
        writer.Write<float>("mean", _mean);
        writer.Write<float>("square", _square);
        writer.WriteOne("power1", _power1);
        writer.WriteOne("power2", _power2);
    }

    public void Load(IStateReader reader)
    {
        reader.Read<float>("mean", _mean);
        reader.Read<float>("square", _square);
        _power1 = reader.ReadOne<double>("power1");
        _power2 = reader.ReadOne<double>("power2");
    }

    public void Digest(Action<ReadOnlySpan<byte>> append)
    {
        append(MemoryMarshal.AsBytes(_mean.AsSpan()));
        append(MemoryMarshal.AsBytes(_square.AsSpan()));
        append(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in _power1)));
        append(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in _power2)));
    }
}

using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The state of <see cref="Nesterov"/>.</summary>
internal sealed class NesterovSession(Schedule schedule, double beta, int length) : IOptimizerSession, IRateScale
{
    private readonly float[] _velocity = new float[length];

    // Without a constant β: t and the last β of the accelerated sequence.
    private double _t = 1;
    private double _lastBeta;

    public double RateScale { get; set; } = 1;

    public void Step(long round, Span<float> parameters, ReadOnlySpan<float> gradient)
    {
        OptimizerChecks.Lengths(_velocity.Length, parameters, gradient);
        var rate = (float)(schedule.Checked(round) * RateScale);
        if (!double.IsNaN(beta))
        {
            NesterovKernels.Step(rate, (float)beta, (float)beta, parameters, gradient, _velocity);
            return;
        }

        if (NesterovKernels.DotNext((float)_lastBeta, gradient, _velocity) < 0)
        {
            _t = 1;
            _lastBeta = 0;
        }

        var next = (1 + Math.Sqrt(1 + (4 * _t * _t))) / 2;
        var ahead = (_t - 1) / next;
        NesterovKernels.Step(rate, (float)_lastBeta, (float)ahead, parameters, gradient, _velocity);
        (_t, _lastBeta) = (next, ahead);
    }

    public void Save(IStateWriter writer)
    {
        writer.Write<float>("velocity", _velocity);
        writer.WriteOne("t", _t);
        writer.WriteOne("lastBeta", _lastBeta);
    }

    public void Load(IStateReader reader)
    {
        reader.Read<float>("velocity", _velocity);
        _t = reader.ReadOne<double>("t");
        _lastBeta = reader.ReadOne<double>("lastBeta");
    }

    public void Digest(Action<ReadOnlySpan<byte>> append)
    {
        append(MemoryMarshal.AsBytes(_velocity.AsSpan()));
        append(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in _t)));
        append(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in _lastBeta)));
    }
}

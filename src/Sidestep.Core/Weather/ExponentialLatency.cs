namespace Sidestep;

/// <summary>A least delay and an exponential part on top: <c>exp(20ms,50ms)</c> has mean 70 ms.</summary>
/// <remarks>The usual straggler model of coded computing (Lee, Lam, Pedarsani, Papailiopoulos, Ramchandran, "Speeding up distributed machine
/// learning using codes", IEEE Trans. Inf. Theory 2018, §II).</remarks>
/// <param name="Shift">The least delay.</param>
/// <param name="Mean">Mean (and standard deviation) of the exponential part.</param>
public sealed record ExponentialLatency(TimeSpan Shift, TimeSpan Mean) : LatencyModel
{
    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Cut(Shift.Ticks + rng.NextExponential(Mean.Ticks));
}

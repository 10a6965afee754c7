using System.Globalization;

namespace Sidestep.Training;

/// <summary>A learning rate as a function of the round: immutable and pure, with the same bits on every machine.</summary>
/// <remarks>A plain number converts to a constant schedule: <code>new Momentum(new WarmUp(0.1, Rounds: 100), Beta: 0.9)</code></remarks>
public abstract record Schedule
{
    /// <summary>Most rounds that <see cref="Check"/> samples one by one.</summary>
    private const long MostSamples = 1 << 20;

    /// <summary>The rate of a round.</summary>
    /// <param name="round">The round, from 0.</param>
    public abstract double Rate(long round);

    /// <summary>A constant schedule.</summary>
    /// <param name="rate">The rate.</param>
    public static implicit operator Schedule(double rate) => new ConstantSchedule(rate);

    /// <summary>Refuses a schedule that is negative, infinite or NaN in any round of a run. Cost: one evaluation a round, at most about a million.</summary>
    /// <param name="rounds">Rounds of the run. Above 2²⁰ every k-th and the last are sampled.</param>
    /// <exception cref="ConfigurationException">Names the first bad round and its rate.</exception>
    public void Check(long rounds)
    {
        var step = Math.Max(1, rounds / MostSamples);
        for (long round = 0; round < rounds; round += step)
        {
            _ = Checked(round);
        }

        _ = Checked(Math.Max(0, rounds - 1));
    }

    /// <summary>The rate of a round, refused if negative, infinite or NaN.</summary>
    /// <param name="round">The round, from 0.</param>
    /// <exception cref="ConfigurationException">Names the round and its rate.</exception>
    internal double Checked(long round)
    {
        var rate = Rate(round);
        return double.IsFinite(rate) && rate >= 0 ? rate : throw new ConfigurationException(string.Create(
            CultureInfo.InvariantCulture, $"rate: {this} gives {rate} in round {round}; rates must be finite and at least 0"));
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sidestep.Hosting;

/// <summary>Names under which Sidestep can be observed; see docs/observability.md.</summary>
/// <remarks>One meter and one activity source for the process, as instruments are costly to create. Nothing is computed while nobody listens.</remarks>
public static class SidestepMeter
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Sidestep";

    internal static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    internal static readonly Counter<long> Rounds = Meter.CreateCounter<long>("sidestep.rounds", "{round}", "Rounds done.");

    internal static readonly Histogram<double> RoundDuration =
        Meter.CreateHistogram<double>("sidestep.round.duration", "s", "From the model's sending to the optimizer's step.");

    internal static readonly Histogram<double> ComputeDuration =
        Meter.CreateHistogram<double>("sidestep.compute.duration", "s", "Time in which a slot computed a row.");

    internal static readonly Histogram<double> DecodeDuration = Meter.CreateHistogram<double>("sidestep.decode.duration", "s", "Decoding of a round.");

    internal static readonly Counter<long> Shares =
        Meter.CreateCounter<long>("sidestep.shares", "{share}", "Shares that arrived, by outcome: in-time, late or rejected.");

    internal static readonly Counter<long> ShareBytes = Meter.CreateCounter<long>("sidestep.share.size", "By", "Payload of the shares that arrived.");

    internal static readonly Counter<long> Asks = Meter.CreateCounter<long>("sidestep.asks", "{row}", "Rows that a slot was asked for, beyond its own.");

    internal static readonly UpDownCounter<long> Sessions = Meter.CreateUpDownCounter<long>("sidestep.sessions", "{session}", "Sessions that are there.");

    internal static readonly Counter<long> Deaths = Meter.CreateCounter<long>("sidestep.deaths", "{session}", "Sessions that were lost.");

    internal static readonly Gauge<double> Loss = Meter.CreateGauge<double>("sidestep.loss", null, "Mean training loss of the last round.");
}

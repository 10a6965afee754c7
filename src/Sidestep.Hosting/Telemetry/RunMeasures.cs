using System.Diagnostics;

namespace Sidestep.Hosting;

/// <summary>Turns a run's events into measurements; allocates nothing while nobody listens.</summary>
/// <param name="run">The run's tags: code and fabric.</param>
internal sealed class RunMeasures(TagList run)
{
    private readonly KeyValuePair<string, object?>[] _run = [.. run];

    public void Hear(in RunEvent happened)
    {
        var seconds = (happened.End - happened.Start).TotalSeconds;
        switch (happened.Phase)
        {
            case Phase.Round:
                SidestepMeter.Rounds.Add(1, _run);
                SidestepMeter.RoundDuration.Record(seconds, _run);
                SidestepMeter.Loss.Record(happened.Value, _run);
                break;
            case Phase.Compute:
                SidestepMeter.ComputeDuration.Record(seconds, Slot(happened));
                break;
            case Phase.Decode:
                SidestepMeter.DecodeDuration.Record(seconds, _run);
                break;
            case Phase.Share:
                Arrived(happened, "in-time");
                break;
            case Phase.Late:
                Arrived(happened, "late");
                break;
            case Phase.Rejected:
                SidestepMeter.Shares.Add(1, Slot(happened), Outcome("rejected"));
                break;
            case Phase.Ask:
                SidestepMeter.Asks.Add(1, Slot(happened));
                break;
            case Phase.Joined:
                SidestepMeter.Sessions.Add(1, _run);
                break;
            case Phase.Lost:
                SidestepMeter.Sessions.Add(-1, _run);
                SidestepMeter.Deaths.Add(1, Slot(happened));
                break;
        }
    }

    private static void Arrived(in RunEvent happened, string outcome)
    {
        if (SidestepMeter.Shares.Enabled || SidestepMeter.ShareBytes.Enabled)
        {
            SidestepMeter.Shares.Add(1, Slot(happened), Outcome(outcome));
            SidestepMeter.ShareBytes.Add((long)happened.Value, Slot(happened), Outcome(outcome));
        }
    }

    private static KeyValuePair<string, object?> Outcome(string outcome) => new("sidestep.outcome", outcome);

    // Slots are few and boxed once per process; a measurement nobody listens to does not box.
    private static KeyValuePair<string, object?> Slot(in RunEvent happened) => new("sidestep.slot", BoxedSlots.Of(happened.Slot));
}

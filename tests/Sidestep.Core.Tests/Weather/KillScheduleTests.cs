using System.Collections.Immutable;

namespace Sidestep.Tests;

public sealed class KillScheduleTests
{
    [Fact]
    public void Hear_model_of_the_round_kills_once()
    {
        var killed = new List<int>();
        var weather = new Weather(ImmutableSortedDictionary<int, LatencyModel>.Empty, [(2, 10), (5, 20)]);
        var schedule = new KillSchedule(weather, killed.Add);

        schedule.Hear(Event(2, 9, Phase.Model));
        schedule.Hear(Event(2, 10, Phase.Share));
        schedule.Hear(Event(5, 10, Phase.Model));
        Assert.Empty(killed);

        schedule.Hear(Event(2, 10, Phase.Model));
        schedule.Hear(Event(2, 10, Phase.Model));
        Assert.Equal([2], killed);
        Assert.Equal(1, schedule.Left);

        schedule.Hear(Event(5, 20, Phase.Model));
        Assert.Equal([2, 5], killed);
    }

    private static RunEvent Event(int slot, long round, Phase phase) =>
        new(slot, round, -1, phase, TimeSpan.Zero, TimeSpan.Zero);
}

using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies;

public sealed class OtherStrategyTests
{
    [Fact]
    public void Async_descent_never_applies_a_share_beyond_the_bound()
    {
        var plan = Scenario.Plan(UncodedCode.Create(6), 300, p => p with { Optimizer = new Sgd(new ConstantSchedule(0.02)) });
        var slow = Weather.None with { Slow = Weather.None.Slow.Add(2, new ConstantLatency(TimeSpan.FromMilliseconds(200))) };
        var run = Scenario.Run(new AsyncDescent(10), plan, slow);
        Assert.Equal(RunStatus.Finished, run.State.Status);
        Assert.Equal(300, run.Events.Count(e => e.Phase == Phase.Round));
        Assert.Contains(run.Events, e => e.Phase == Phase.Late && e.Value > 10);
        Assert.All(run.Events.Where(e => e.Phase == Phase.Late), e => Assert.True(e.Value > 10));
    }

    [Fact]
    public void Async_descent_goes_on_through_deaths()
    {
        var plan = Scenario.Plan(UncodedCode.Create(6), 200);
        var run = Scenario.Run(new AsyncDescent(20), plan with { Optimizer = new Sgd(new ConstantSchedule(0.02)) }, Scenario.RandomKills(6, 2, 200, 20, 3));
        Assert.Equal(RunStatus.Finished, run.State.Status);
    }

    [Theory]
    [InlineData("ring")]
    [InlineData("star")]
    public void Local_descent_mixes_and_survives_deaths(string mixer)
    {
        IMixer Mixer() => mixer == "ring" ? new RingAllReduce() : new StarAllReduce();
        var plan = Scenario.Plan(UncodedCode.Create(5), 40, p => p with { Mixer = Mixer(), Optimizer = new Sgd(new ConstantSchedule(0.05)) });
        var calm = Scenario.Run(new LocalDescent(3), plan);
        Assert.Equal(RunStatus.Finished, calm.State.Status);
        var losses = calm.Events.Where(e => e.Phase == Phase.Round).Select(e => e.Value).ToArray();
        Assert.Equal(40, losses.Length);
        Assert.True(losses[^1] < losses[0]);
        for (var seed = 0; seed < 10; seed++)
        {
            var stormy = Scenario.Run(new LocalDescent(3), plan, Scenario.RandomKills(5, 2, 40, 5, seed));
            Assert.Equal(RunStatus.Finished, stormy.State.Status);
            Assert.Equal(40, stormy.State.Round);
        }
    }

    [Fact]
    public void Ring_and_star_reach_the_same_point()
    {
        var plan = Scenario.Plan(UncodedCode.Create(5), 40, p => p with { Optimizer = new Sgd(new ConstantSchedule(0.05)) });
        var ring = Scenario.Run(new LocalDescent(3), plan with { Mixer = new RingAllReduce() });
        var star = Scenario.Run(new LocalDescent(3), plan with { Mixer = new StarAllReduce() });
        for (var i = 0; i < Scenario.Length; i++)
        {
            Assert.Equal(ring.State.Model.Span[i], star.State.Model.Span[i], 1e-4f);
        }
    }
}

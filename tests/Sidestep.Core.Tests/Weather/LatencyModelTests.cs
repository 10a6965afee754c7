using System.Collections.Immutable;

namespace Sidestep.Tests;

public sealed class LatencyModelTests
{
    private static readonly TimeSpan Unit = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Constant_is_always_the_same() => Assert.All(Draws(new ConstantLatency(Unit), 10), d => Assert.Equal(20, d));

    [Fact]
    public void Exponential_has_shift_mean_and_deviation()
    {
        var draws = Draws(new ExponentialLatency(Unit, TimeSpan.FromMilliseconds(50)), 100_000);
        Assert.True(draws.Min() >= 20);
        Assert.Equal(70, draws.Average(), 0.7);
        Assert.Equal(2500, draws.Average(d => (d - 70) * (d - 70)), 100.0);
    }

    [Fact]
    public void Pareto_has_scale_median_and_tail()
    {
        var draws = Draws(new ParetoLatency(Unit, 1.5), 100_000);
        Assert.True(draws.Min() >= 20);
        Assert.Equal(20 * Math.Pow(2, 1 / 1.5), Median(draws), 0.4);
        Assert.Equal(Math.Pow(10, -1.5), draws.Count(d => d > 200) / 100_000.0, 0.002);
        Assert.Equal(60, Draws(new ParetoLatency(Unit, 3) with { Scale = 2 * Unit }, 100_000).Average(), 1.0);
    }

    [Fact]
    public void Pareto_extreme_tail_is_cut_at_a_day()
    {
        var draws = Draws(new ParetoLatency(TimeSpan.FromHours(1), 0.1), 1000);
        Assert.Equal(LatencyModel.Longest.TotalMilliseconds, draws.Max());
    }

    [Fact]
    public void Lognormal_has_median_and_mean()
    {
        var draws = Draws(new LognormalLatency(Unit, 0.5), 100_000);
        Assert.Equal(20, Median(draws), 0.2);
        Assert.Equal(20 * Math.Exp(0.125), draws.Average(), 0.2);
    }

    [Fact]
    public void TwoState_has_the_share_of_bad_rounds()
    {
        var model = new TwoStateLatency(new ConstantLatency(Unit), new ConstantLatency(10 * Unit), 0.1);
        Assert.Equal(0.1, Draws(model, 100_000).Count(d => d == 200) / 100_000.0, 0.005);
    }

    [Fact]
    public void Trace_draws_all_its_delays_alike()
    {
        var model = new TraceLatency([Unit, 2 * Unit, 3 * Unit], "x");
        var draws = Draws(model, 30_000);
        Assert.All(new[] { 20.0, 40, 60 }, value => Assert.Equal(1.0 / 3, draws.Count(d => d == value) / 30_000.0, 0.01));
        Assert.Equal(model, new TraceLatency([.. model.Delays], "x"));
        Assert.NotEqual(model, new TraceLatency([Unit], "x"));
    }

    [Fact]
    public void Draw_same_stream_gives_the_same_delay()
    {
        var model = new ExponentialLatency(Unit, Unit);
        Assert.Equal(Draws(model, 20), Draws(model, 20));
    }

    private static double[] Draws(LatencyModel model, int count)
    {
        var rng = new Rng(6, Purpose.Weather, 0, 0, 0);
        var draws = new double[count];
        for (var i = 0; i < count; i++)
        {
            draws[i] = model.Draw(ref rng).TotalMilliseconds;
        }

        return draws;
    }

    private static double Median(double[] draws) => draws.Order().ElementAt(draws.Length / 2);
}

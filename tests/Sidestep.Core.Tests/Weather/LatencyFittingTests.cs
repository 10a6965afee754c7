namespace Sidestep.Tests;

public sealed class LatencyFittingTests
{
    private const int Many = 2000;

    public static TheoryData<string, double> Laws => new()
    {
        // The law, and the relative error allowed of each of its numbers: about four standard errors of 2000 draws.
        { "exp(20ms,50ms)", 0.10 },
        { "exp(0ms,5ms)", 0.10 },
        { "pareto(20ms,1.5)", 0.10 },
        { "pareto(5ms,3)", 0.10 },
        { "lognormal(20ms,0.5)", 0.08 },
        { "either(exp(10ms,1ms),exp(200ms,100ms),0.1)", 0.35 },
        { "bursts(exp(10ms,1ms),exp(200ms,100ms),0.02,0.2)", 0.60 },
    };

    [Theory]
    [MemberData(nameof(Laws))]
    public void Best_finds_the_law_it_was_drawn_from(string text, double error)
    {
        var law = LatencySyntax.Parse(text);
        var fit = LatencyFitting.Best(Series(law, Many));
        Assert.Equal(law.GetType(), fit.Law.GetType());
        Assert.All(Numbers(law).Zip(Numbers(fit.Law)), pair => Assert.Equal(pair.First, pair.Second, Math.Max(0.01, error * pair.First)));
        Assert.InRange(fit.Distance, 0, LatencyFitting.MostDistance(Many));
    }

    [Theory]
    [InlineData("exp(20ms,50ms)")]
    [InlineData("pareto(20ms,1.5)")]
    [InlineData("lognormal(20ms,0.5)")]
    public void Delays_cut_short_do_not_bend_the_law(string text)
    {
        // Everything above 40 ms is cut there: more than a third of the delays.
        var cut = TimeSpan.FromMilliseconds(40);
        LatencySample[] series = [.. Series(LatencySyntax.Parse(text), Many).Select(s => s.Delay > cut ? new LatencySample(cut, Cut: true) : s)];
        var law = LatencySyntax.Parse(text);
        var fit = LatencyFitting.All(series).First(f => f.Law.GetType() == law.GetType());
        Assert.True(fit.Cut > 100);
        Assert.All(Numbers(law).Zip(Numbers(fit.Law)), pair => Assert.InRange(pair.Second, pair.First * 0.85, pair.First * 1.15));
    }

    [Fact]
    public void Equal_delays_are_a_constant()
    {
        var fit = LatencyFitting.Best([.. Enumerable.Repeat(new LatencySample(TimeSpan.FromMilliseconds(3)), 50)]);
        Assert.Equal(new ConstantLatency(TimeSpan.FromMilliseconds(3)), fit.Law);
        Assert.Equal(0, fit.Distance);
        Assert.Equal(1, fit.PValue);
        Assert.Equal(new ConstantLatency(TimeSpan.Zero), LatencyFitting.Best([.. Enumerable.Repeat(new LatencySample(TimeSpan.Zero), 50)]).Law);
    }

    [Fact]
    public void Zero_now_and_then_something_is_a_law_of_two_states()
    {
        var fit = LatencyFitting.Best(Series(LatencySyntax.Parse("either(0ms,exp(100ms,50ms),0.1)"), Many));
        var either = Assert.IsType<TwoStateLatency>(fit.Law);
        Assert.Equal(new ConstantLatency(TimeSpan.Zero), either.Usual);
        Assert.IsType<ExponentialLatency>(either.Bad);
        Assert.Equal(0.1, either.Probability, 0.03);
    }

    [Fact]
    public void Delays_of_no_law_are_replayed_with_their_mean()
    {
        // Three humps: no law here has as many.
        LatencySample[] series = [.. Series(new ConstantLatency(TimeSpan.Zero), 3000).Select((_, i) => new LatencySample(TimeSpan.FromTicks(((i % 3) switch { 0 => 100_000, 1 => 400_000, _ => 1_600_000 }) + (7919 * i % 20_000))))];
        var fit = LatencyFitting.Best(series);
        var trace = Assert.IsType<TraceLatency>(fit.Law);
        Assert.Equal(LatencyFitting.TraceLength, trace.Delays.Length);
        Assert.Equal(series.Average(s => s.Delay.TotalMilliseconds), trace.Delays.Average(d => d.TotalMilliseconds), 0.05);
        Assert.True(fit.Distance < 0.02);
    }

    [Fact]
    public void Law_without_a_mean_is_fitted_but_not_chosen()
    {
        var series = Series(LatencySyntax.Parse("pareto(1ms,0.7)"), 300);
        Assert.InRange(LatencyFitting.All(series).Select(f => f.Law).OfType<ParetoLatency>().Single().Shape, 0.6, 0.8);
        Assert.IsNotType<ParetoLatency>(LatencyFitting.Best(series).Law);
    }

    [Fact]
    public void Too_few_delays_are_refused_with_the_number_needed()
    {
        var error = Assert.Throws<DataException>(() => LatencyFitting.Best([.. Enumerable.Repeat(new LatencySample(TimeSpan.FromMilliseconds(3)), 19)]));
        Assert.Contains("19 delays", error.Message, StringComparison.Ordinal);
        Assert.Contains("at least 20", error.Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => LatencyFitting.Best([.. Enumerable.Repeat(new LatencySample(TimeSpan.FromMilliseconds(3), Cut: true), 100)]));
    }

    [Fact]
    public void Distance_and_probability_have_known_values()
    {
        // Ten delays at the mid-quantiles of a law are 0.05 from it, and half as far again moved by half a step.
        var law = new ExponentialLatency(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var middle = SortedSamples.Of(Enumerable.Range(0, 10).Select(i => new LatencySample(TimeSpan.FromSeconds(-Math.Log(1 - ((i + 0.5) / 10))))));
        Assert.Equal(0.05, KolmogorovSmirnov.Distance(middle, law), 1e-6);

        // Tables of Kolmogorov's distribution: 1.3581 is passed by 5 %, 1.6276 by 1 %.
        Assert.Equal(0.05, KolmogorovSmirnov.PValue(1.3581 / 1000, 1_000_000), 0.0005);
        Assert.Equal(0.01, KolmogorovSmirnov.PValue(1.6276 / 1000, 1_000_000), 0.0005);
        Assert.Equal(1, KolmogorovSmirnov.PValue(0, 100));
    }

    [Fact]
    public void Kaplan_Meier_has_the_value_of_a_worked_example()
    {
        // 1, 2+, 3, 4+, 5 (+: cut short): survival 4/5, then 4/5 · 2/3, then 0.
        var samples = SortedSamples.Of(new[] { (1, false), (2, true), (3, false), (4, true), (5, false) }
            .Select(s => new LatencySample(TimeSpan.FromTicks(s.Item1), s.Item2)));
        Assert.Equal(0.2, samples.Share[0], 1e-12);
        Assert.Equal(1 - (0.8 * 2 / 3), samples.Share[2], 1e-12);
        Assert.Equal(1, samples.Share[4], 1e-12);
    }

    [Fact]
    public void Likelihood_of_a_pareto_is_that_of_the_formula()
    {
        LatencySample[] series = [.. Series(LatencySyntax.Parse("pareto(20ms,1.5)"), 500)];
        var fit = LatencyFitting.All(series).First(f => f.Law is ParetoLatency);
        var (scale, shape) = (((ParetoLatency)fit.Law).Scale.Ticks, ((ParetoLatency)fit.Law).Shape);
        var expected = series.Sum(s => Math.Log(shape) + (shape * Math.Log(scale)) - ((shape + 1) * Math.Log(s.Delay.Ticks)));
        Assert.Equal(expected, fit.LogLikelihood, 1e-6 * Math.Abs(expected));
        Assert.Equal((2 * 2) - (2 * expected), fit.Aic, 1e-6 * Math.Abs(expected));
    }

    [Fact]
    public void Bursts_have_their_share_and_length_and_do_not_depend_on_the_order_of_asking()
    {
        var law = (BurstLatency)LatencySyntax.Parse("bursts(10ms,500ms,0.02,0.2)");
        TimeSpan[] forward = [.. Enumerable.Range(0, 50_000).Select(r => law.Draw(7, 3, r))];
        Assert.All(Enumerable.Range(49_000, 1000).Reverse(), r => Assert.Equal(forward[r], law.Draw(7, 3, r)));
        var bad = forward.Count(d => d.TotalMilliseconds == 500);
        var runs = forward.Zip(forward.Skip(1)).Count(p => p.First != p.Second && p.Second.TotalMilliseconds == 500);
        Assert.Equal(law.BadShare, bad / 50_000.0, 0.01);
        Assert.Equal(5, bad / (double)runs, 0.5);
    }

    private static LatencySample[] Series(LatencyModel law, int count) =>
        [.. Enumerable.Range(0, count).Select(round => new LatencySample(law.Draw(11, 2, round)))];

    private static double[] Numbers(LatencyModel law) => law switch
    {
        ConstantLatency m => [m.Delay.TotalMilliseconds],
        ExponentialLatency m => [m.Shift.TotalMilliseconds, m.Mean.TotalMilliseconds],
        ParetoLatency m => [m.Scale.TotalMilliseconds, m.Shape],
        LognormalLatency m => [m.Median.TotalMilliseconds, m.Sigma],
        TwoStateLatency m => [.. Numbers(m.Usual), .. Numbers(m.Bad), m.Probability],
        BurstLatency m => [.. Numbers(m.Usual), .. Numbers(m.Bad), m.Enter, m.Leave],
        _ => [],
    };
}

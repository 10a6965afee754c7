using Xunit.Abstractions;

namespace Sidestep.Training.Tests.Strategies.Asynchronous;

public sealed class StepRuleTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    [InlineData(2, 0.6180)]
    [InlineData(4, 0.3473)]
    [InlineData(8, 0.1845)]
    [InlineData(16, 0.0952)]
    public void Delayed_descent_is_stable_up_to_the_exact_bound(int delay, double bound)
    {
        Assert.Equal(bound, 2 * Math.Sin(Math.PI / (2 * ((2 * delay) + 1))), 4);
        double least = 0, most = 3;
        while (most - least > 1e-5)
        {
            var middle = (least + most) / 2;
            (least, most) = Contracts(new ConstantStep(), middle, delay) ? (middle, most) : (least, middle);
        }

        Assert.Equal(bound, least, 1e-4);
    }

    [Fact]
    public void Staleness_aware_and_capped_steps_are_stable_where_constant_ones_are_not()
    {
        for (var delay = 1; delay <= 16; delay *= 2)
        {
            Assert.False(Contracts(new ConstantStep(), 1.2, delay));
            Assert.True(Contracts(new StalenessAwareStep(), 1.2, delay), $"delay {delay}");
            Assert.True(Contracts(new DelayCapStep(1), 1.2, delay), $"delay {delay}");
        }
    }

    [Fact]
    public void Rules_follow_their_formulas()
    {
        Assert.Equal(0.3, new ConstantStep().Step(0.3, 9, 1, 4));
        Assert.Equal(0.03, new StalenessAwareStep().Step(0.3, 9, 1, 4), 12);
        Assert.Equal(0.5 / 5, new AdaDelayStep(0.5).Step(0.3, 9, 16, 4), 12);
        Assert.Equal(0.3, new DelayCapStep(0.5).Step(0.3, 0, 1, 4), 12);
        Assert.Equal(1.0 / 18, new DelayCapStep(0.5).Step(0.3, 9, 1, 4), 12);
        Assert.Equal(0.3, new DropStep().Step(0.3, 8, 1, 4));
        Assert.Equal(0, new DropStep().Step(0.3, 9, 1, 4));
    }

    [Fact]
    public void Too_large_a_rate_diverges_unless_the_rule_knows_the_delay()
    {
        var descent = new DelayedDescent();
        (StepRule Rule, double Least, double Most)[] rules =
        [
            (new ConstantStep(), 1e3, double.PositiveInfinity), (new DropStep(), 1e3, double.PositiveInfinity),
            (new StalenessAwareStep(), 0.01, 1), (new DelayCapStep(DelayedDescent.Smoothness), 0.003, 0.3),
        ];
        foreach (var (rule, least, most) in rules)
        {
            var (error, staleness) = descent.Run(rule, 0.2, 4000, 7);
            var (calm, _) = descent.Run(rule, 0.02, 4000, 7);
            output.WriteLine($"{rule.Text}: {error:g3} at 0.2, {calm:g3} at 0.02, mean staleness {staleness:0.00}");
            Assert.Equal(7, staleness, 0.1);
            Assert.True(double.IsNaN(error) ? double.IsInfinity(most) : error >= least && error <= most, $"{rule.Text}: {error}");
            Assert.InRange(calm, 1e-4, 0.03);
        }
    }

    [Theory]
    [InlineData("constant")]
    [InlineData("staleness-aware")]
    [InlineData("adadelay(0.5)")]
    [InlineData("delay-cap(2.25)")]
    [InlineData("drop")]
    public void Text_is_read_back(string text) => Assert.Equal(text, StepRuleSyntax.Parse($" {text} ").Text);

    [Theory]
    [InlineData("delay-cap", "needs L, the largest curvature of the mean loss")]
    [InlineData("delay-cap()", "delay-cap(2.5)")]
    [InlineData("delay-cap(-1)", "positive")]
    [InlineData("delay-cap(NaN)", "positive")]
    [InlineData("adadelay", "needs c")]
    [InlineData("adadelay(x)", "positive")]
    [InlineData("drop(2)", "takes no number")]
    [InlineData("drop(2", "does not end with ')'")]
    [InlineData("staleness", "staleness-aware")]
    [InlineData("", "no step rule")]
    public void Wrong_text_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => StepRuleSyntax.Parse(text)).Message, StringComparison.Ordinal);

    // x ← x − η(τ)·x[t − τ] from ones: whether it shrinks.
    private static bool Contracts(StepRule rule, double rate, int delay)
    {
        var past = new double[delay + 1];
        Array.Fill(past, 1);
        double early = 0, late = 0;
        const int Steps = 200_000;
        for (var t = 0; t < Steps; t++)
        {
            var now = past[t % past.Length];
            var next = past[(t + delay) % past.Length] - (rule.Step(rate, delay, t + 1, 1) * now);
            past[t % past.Length] = next;
            if (!double.IsFinite(next) || Math.Abs(next) > 1e100)
            {
                return false;
            }

            early = t < Steps / 4 ? Math.Max(early, Math.Abs(next)) : early;
            late = t >= Steps / 2 ? Math.Max(late, Math.Abs(next)) : late;
        }

        return late < early;
    }
}

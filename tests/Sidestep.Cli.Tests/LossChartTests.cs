using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

public sealed class LossChartTests
{
    [Fact]
    public void Falling_loss_goes_from_the_upper_left_to_the_lower_right()
    {
        var lines = LossChart.Lines(Curve(100, i => 4 - (i * 0.03)), 60, isUnicode: true);
        Assert.Equal(7, lines.Count);
        Assert.StartsWith("4.000 ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1.030 ", lines[5], StringComparison.Ordinal);
        Assert.NotEqual('\u2800', lines[0][6]);
        Assert.Equal('\u2800', lines[0][^1]);
        Assert.Equal('\u2800', lines[5][6]);
        Assert.NotEqual('\u2800', lines[5][^1]);
        Assert.StartsWith("      1 ", lines[6], StringComparison.Ordinal);
        Assert.EndsWith(" 100", lines[6], StringComparison.Ordinal);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, 60));
    }

    [Fact]
    public void Without_unicode_a_line_of_stars_is_drawn()
    {
        var lines = LossChart.Lines(Curve(50, i => 10.0 / (i + 1)), 40, isUnicode: false);
        Assert.All(lines, line => Assert.All(line, c => Assert.True(char.IsAscii(c))));
        Assert.Equal(40 - 8, lines.Take(6).Sum(l => l.Count(c => c == '*')));
    }

    [Theory]
    [InlineData(1, 60)]
    [InlineData(50, 20)]
    [InlineData(50, 0)]
    public void Too_few_points_or_columns_draw_nothing(int points, int columns) =>
        Assert.Empty(LossChart.Lines(Curve(points, i => i), columns, isUnicode: true));

    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(1e300, -1e300)]
    [InlineData(1e-30, 2e-30)]
    public void Any_finite_values_can_be_drawn(double first, double second) =>
        Assert.All(LossChart.Lines(Curve(30, i => i % 2 == 0 ? first : second), 60, isUnicode: true), line => Assert.InRange(line.Length, 1, 60));

    [Fact]
    public void Steep_fall_has_no_gaps()
    {
        var lines = LossChart.Lines(Curve(200, i => i < 100 ? 5 : 1), 60, isUnicode: true);
        Assert.All(lines.Take(6), line => Assert.Contains(line, c => c > '\u2800'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(100_000)]
    public void Curve_of_any_length_keeps_few_points_whose_mean_is_the_mean(int rounds)
    {
        var curve = new LossCurve();
        for (var i = 0; i < rounds; i++)
        {
            curve.Add(i, i);
        }

        var points = curve.Points();
        Assert.InRange(points.Count, Math.Min(rounds, LossCurve.MostGroups / 2), LossCurve.MostGroups);
        Assert.Equal(0, points[0].Round);
        Assert.Equal(points.OrderBy(p => p.Round), points);
        Assert.InRange(points[^1].Loss, rounds * 0.99 - 1, rounds);
    }

    [Fact]
    public void Losses_that_are_not_finite_are_left_out()
    {
        var curve = new LossCurve();
        curve.Add(0, double.NaN);
        curve.Add(1, 2);
        curve.Add(2, double.PositiveInfinity);
        Assert.Equal([new LossPoint(1, 2)], curve.Points());
    }

    private static LossPoint[] Curve(int count, Func<int, double> loss) => [.. Enumerable.Range(0, count).Select(i => new LossPoint(i, loss(i)))];
}

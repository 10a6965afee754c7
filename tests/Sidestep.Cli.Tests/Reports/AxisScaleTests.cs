using FsCheck.Xunit;
using Sidestep.Cli.Report;

namespace Sidestep.Cli.Tests.Reports;

public sealed class AxisScaleTests
{
    [Property]
    public void Ticks_lie_inside_and_are_few(double a, double b)
    {
        if (!double.IsFinite(a) || !double.IsFinite(b) || Math.Abs(a) > 1e200 || Math.Abs(b) > 1e200 || (a != b && Math.Abs(a - b) < 1e-12 * (Math.Abs(a) + Math.Abs(b))))
        {
            return;
        }

        var (least, most) = (Math.Min(a, b), Math.Max(a, b));
        var scale = AxisScale.For(least, most, mayBeLog: true, 0, 100, ticks: 5);
        Assert.InRange(scale.Ticks(5).Count, 1, 12);
        Assert.All(scale.Ticks(5), t => Assert.InRange(scale.At(t), -1e-3, 100.001));
        Assert.InRange(scale.At(least), -1e-6, 100.000001);
        Assert.InRange(scale.At(most), -1e-6, 100.000001);
    }

    [Fact]
    public void Denormal_values_get_a_scale()
    {
        Ticks_lie_inside_and_are_few(0, double.Epsilon);
        Ticks_lie_inside_and_are_few(double.Epsilon, 1e-10);
        Ticks_lie_inside_and_are_few(-double.Epsilon, 1e-305);
    }

    [Property]
    public void Thinned_line_keeps_its_ends_and_its_peaks(double[] values, byte buckets)
    {
        var y = values.Where(double.IsFinite).ToArray();
        double[] x = [.. Enumerable.Range(0, y.Length).Select(i => (double)i)];
        var kept = Decimation.MinMax(x, y, Math.Max(1, (int)buckets));
        Assert.True(kept.Count <= (2 * Math.Max(1, (int)buckets)) + 2);
        if (y.Length > 0)
        {
            Assert.Equal((y.Min(), y.Max(), y[0], y[^1]), (kept.Min(p => p.Y), kept.Max(p => p.Y), kept[0].Y, kept[^1].Y));
        }
    }

    [Theory]
    [InlineData(0.0005, "500 µs")]
    [InlineData(0.01234567, "12.35 ms")]
    [InlineData(90, "90 s")]
    [InlineData(150, "2.5 min")]
    [InlineData(7200, "2 h")]
    public void Durations_have_the_unit_people_would_choose(double seconds, string shown) => Assert.Equal(shown, Unit.Show(Quantity.Seconds, seconds));
}

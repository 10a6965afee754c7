using System.Xml.Linq;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Reproduce;

public sealed class WhoWinsTests : IDisposable
{
    private static readonly WhoWinsPlan Small = new() { Workers = 4, Ratios = [10, 0.5], Probabilities = [0.01, 0.2], Rounds = 30 };

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Map_of_two_by_two_points_has_the_same_bytes_twice()
    {
        var (first, second) = (WhoWins.Run(Small), WhoWins.Run(Small));
        Assert.Equal(WhoWinsTable.Csv(first), WhoWinsTable.Csv(second));
        Assert.Equal(WhoWinsChart.Html(Small, first), WhoWinsChart.Html(Small, second));
        Assert.Equal(1 + (4 * Rivals.Of(4).Count), WhoWinsTable.Csv(first).TrimEnd('\n').Split('\n').Length);

        // Exact schemes have one trajectory; the others that get to the target do so in no fewer seconds than nothing.
        foreach (var point in first)
        {
            Assert.Single(point.Cells.Where(c => c.Rival.IsExact).Select(c => c.RoundsToTarget).Distinct());
            Assert.All(point.Cells.Where(c => c.Rival.IsExact), c => Assert.Equal(c.RoundsToTarget * c.Times.Mean, c.SecondsToTarget));
            Assert.All(point.Cells.Where(c => c.Rival.IsExact), c => Assert.NotEqual(Exactness.Approximate, c.Times.Exactness));
            Assert.NotNull(point.FirstAtTarget());
        }
    }

    [Fact]
    public void Without_stalls_a_round_takes_its_computations_and_a_round_trip()
    {
        var calm = Small with { Ratios = [2], Probabilities = [0] };
        var point = Assert.Single(WhoWins.Run(calm, train: false));
        var (c, roundTrip) = (calm.Compute.TotalSeconds, calm.RoundTrip(2).TotalSeconds);
        Assert.Equal(c + roundTrip, point.WaitForAll.Times.Mean, 5);
        foreach (var cell in point.Cells.Where(cell => cell.Rival.Kind == RivalKind.Coded && cell.Rival.Name != "fractional-repetition s=2"))
        {
            Assert.Equal(((cell.Rival.Code.Stragglers + 1) * c) + roundTrip, cell.Times.Mean, 5);
        }

        Assert.False(point.Rule.SaysCode);
        Assert.False(point.Rule.CodeWins);
        Assert.Null(point.FirstAtTarget());
    }

    [Fact]
    public void Picture_is_well_formed_and_needs_nothing_from_elsewhere()
    {
        var points = WhoWins.Run(Small, train: false);
        var svg = XDocument.Parse(WhoWinsChart.Svg(Small, points));
        XNamespace space = "http://www.w3.org/2000/svg";
        Assert.Equal(2 * 4, svg.Descendants(space + "rect").Count(r => ((string?)r.Attribute("class"))?.StartsWith("cell ", StringComparison.Ordinal) ?? false));
        var html = WhoWinsChart.Html(Small, points).Replace(space.NamespaceName, string.Empty, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.Contains("rule of thumb", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Nine_points_are_simulated_and_run()
    {
        // Threads instead of processes: whether the times agree is measured on a calm machine, not here.
        var points = RealPoints.Run(
            Small with { Compute = TimeSpan.FromMilliseconds(1) },
            new RealPointsOptions { Folder = _bench.In("real"), Fabric = "threads", Rounds = 2 });
        Assert.Equal(9, points.Select(p => (p.Ratio, p.Probability)).Distinct().Count());
        Assert.All(points, p => Assert.True(p.Real > 0.8 * p.Simulated));
        Assert.Contains($"of {points.Count} within 10 %", RealPoints.Text(points), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--quick", "--real")]
    [InlineData("--real", "--repeats", "0")]
    [InlineData("--fast")]
    public void Wrong_flags_are_refused(params string[] flags) => Assert.Equal(64, _bench.Run(["reproduce", "who-wins", .. flags]));

    [Fact]
    public void Folder_that_cannot_be_had_is_said_before_anything_is_computed()
    {
        Assert.Equal(73, _bench.Run("reproduce", "who-wins", "--quick", "--out", Path.Combine(_bench.Write("file", "x"), "below")));
        Assert.Contains("below", _bench.Errors, StringComparison.Ordinal);
    }
}

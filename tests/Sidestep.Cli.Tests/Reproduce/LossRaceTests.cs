using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Reproduce;

public sealed class LossRaceTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Race_writes_points_tables_and_a_page()
    {
        Assert.True(
            _bench.Run("reproduce", "loss-race", "--fabric", "sim", "--seconds", "1", "--seeds", "1", "--only", "wait for all", "--out", _bench.In("race")) == 0, _bench.Errors);
        Assert.StartsWith("delay,scheme,seed,rate,seconds,updates,loss\nshifted exponential,wait for all,1,", File.ReadAllText(_bench.In("race/loss-race.csv")), StringComparison.Ordinal);
        Assert.Contains("| wait for all | ", File.ReadAllText(_bench.In("race/loss-race.md")), StringComparison.Ordinal);
        var page = File.ReadAllText(_bench.In("race/loss-race.html"));
        Assert.Contains("test loss against time, Pareto delays", page, StringComparison.Ordinal);
        Assert.Contains("<td>wait for all</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Derivative_codes_send_a_quarter_of_the_bytes_and_use_what_they_are_patient_for()
    {
        var plan = new RacePlan { Seeds = [1], Rates = [0.5], Length = TimeSpan.FromSeconds(2), Delays = [("exponential", "exp(20ms,100ms)")] };
        RaceRun Of(string name) => Assert.Single(LossRace.Run(plan, new RaceOptions { Folder = _bench.In(name), Fabric = "sim", Only = name }));
        var (whole, part) = (Of("wait for all"), Of("pair-lines projection, 8 lost"));
        Assert.InRange(part.ShareBytes / whole.ShareBytes, 0.25, 0.26);
        Assert.True(part.Updates > 2 * whole.Updates, $"{part.Updates} and {whole.Updates} updates");
        Assert.True(part.Late > part.Shares / 4, $"{part.Late} of {part.Shares} shares late");
        Assert.All(part.Points.Zip(part.Points.Skip(1)), pair => Assert.True(pair.First.Seconds < pair.Second.Seconds));
        Assert.Equal(double.PositiveInfinity, whole.Reaches(0));
    }

    [Theory]
    [InlineData("--seconds 0")]
    [InlineData("--seeds 100")]
    [InlineData("--only nobody")]
    [InlineData("--fabric udp")]
    public void Race_refuses_what_it_cannot_do(string flags)
    {
        Assert.Equal(64, _bench.Run(["reproduce", "loss-race", "--out", _bench.In("race"), .. flags.Split(' ')]));
        Assert.StartsWith("error: ", _bench.Errors, StringComparison.Ordinal);
    }
}

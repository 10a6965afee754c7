using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>The demo: what it measures, what it says, and that a user's kills do not change a byte.</summary>
public sealed partial class DemoTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Demo_on_sim_measures_every_lane()
    {
        Assert.True(_bench.Run("demo", "--fabric", "sim", "--rounds", "40", "--out", _bench.In("demo"), "--json") == 0, _bench.Errors);
        var view = JsonNode.Parse(_bench.Output)!;
        var verdicts = view["verdicts"]!.AsArray();
        Assert.Equal(["uncoded", "uncoded", "drop-slowest", "reissue", "fractional-repetition"], verdicts.Select(v => (string)v!["scheme"]!));
        Assert.Equal([false, true, true, true, true], verdicts.Select(v => (bool)v!["weather"]!));
        Assert.Equal([true, true, false, true, true], verdicts.Select(v => (bool)v!["exact"]!));
        Assert.All(verdicts, v =>
        {
            Assert.Equal(40, (long)v!["rounds"]!);
            Assert.Equal((bool)v["weather"]! ? 1 : 0, (long)v["deaths"]!);
            Assert.InRange((double)v["millisecondsP99"]!, (double)v["millisecondsPerRound"]! * 0.999, 10_000);
            Assert.InRange((double)v["work"]!, 1, 3.01);
            Assert.Equal((bool)v["exact"]!, (string)v["trajectoryHash"]! == (string)v["referenceHash"]!);
        });
        Assert.Contains((int)view["costliestWorker"]!, (int[])[1, 4]);
        Assert.Contains((string)view["cheapestExact"]!, verdicts.Where(v => (bool)v!["exact"]!).Select(v => (string)v!["lane"]!));
        Assert.Null(view["yourTurn"]);
    }

    [Fact]
    public void Demo_says_who_was_slow_what_it_cost_and_what_to_do()
    {
        Assert.True(_bench.Run("demo", "--fabric", "sim", "--rounds", "20", "--out", _bench.In("demo")) == 0, _bench.Errors);
        Assert.Contains("emulated compute", _bench.Errors, StringComparison.OrdinalIgnoreCase);
        foreach (var said in (string[])["who was slow", "cost the run", "what it cost", "what to take", "sidestep report", "sidestep probe", "sidestep simulate"])
        {
            Assert.Contains(said, _bench.Output, StringComparison.Ordinal);
        }

        Assert.All(
            _bench.Output.Split('\n').Where(l => !l.Contains(_bench.Folder, StringComparison.Ordinal)),
            line => Assert.True(line.TrimEnd().Length <= 80, line));
    }

    [Theory]
    [InlineData("--rounds 3")]
    [InlineData("--your-turn 0")]
    [InlineData("--your-turn --fabric sim")]
    [InlineData("--fabric udp")]
    [InlineData("--your-turn --no-your-turn")]
    public void Demo_refuses_what_it_cannot_do(string flags)
    {
        Assert.Equal(64, _bench.Run(["demo", "--out", _bench.In("demo"), .. flags.Split(' ')]));
        Assert.StartsWith("error: ", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Worker_killed_by_the_user_does_not_change_a_byte()
    {
        using var user = new User(slot: 3);
        var terminal = new Terminal(TextWriter.Null, user) { Trainer = SidestepHost.Create().StartWorkersWith(CliBench.Tool("worker")).Build() };
        using var signals = new Signals(user);
        var code = YourTurn.Run(new DemoRuns(_bench.In("demo"), "tcp", terminal, signals), seconds: 5, user, out var view);
        Assert.True(code == 0, user.ToString());
        Assert.True(view!.SameHash);
        Assert.Contains("slot 3 is started again: pid", user.ToString(), StringComparison.Ordinal);
        Assert.Contains("same hash: yes", YourTurn.Text(view), StringComparison.Ordinal);
    }

    /// <summary>Reads what the demo says, and kills the process of a slot when told to.</summary>
    private sealed partial class User(int slot) : StringWriter(CultureInfo.InvariantCulture)
    {
        private int _process;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (StartedLine().Match(value!) is { Success: true } started && started.Groups[1].Value == $"{slot}")
            {
                _process = int.Parse(started.Groups[2].Value, CultureInfo.InvariantCulture);
            }
            else if (value!.Contains("kill whom you like", StringComparison.Ordinal))
            {
                using var victim = Process.GetProcessById(_process);
                victim.Kill();
            }
        }

        [GeneratedRegex(@"^slot (\d+) is pid (\d+)")]
        private static partial Regex StartedLine();
    }
}

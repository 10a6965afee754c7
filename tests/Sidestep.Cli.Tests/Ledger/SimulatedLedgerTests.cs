using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Ledger;

/// <summary>Ledgers of simulated runs: 10 ms a partition, 100 µs a message, and a payload of 72 bytes that takes no time worth speaking of.</summary>
public sealed class SimulatedLedgerTests : IDisposable
{
    private const string Uncoded = """{ "name": "uncoded", "workers": 4 }""";
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Nobody_is_blamed_in_an_undisturbed_run()
    {
        var result = Run(Uncoded);
        Assert.Null(result.Ledger!.Costliest);
        Assert.Equal((0, 0, 0), (Math.Round(result.Ledger.SavedSeconds, 6), Math.Round(result.Ledger.SavedWorkerSeconds, 6), Math.Round(result.Ledger.ExtraWorkerSeconds, 6)));
        Assert.All(result.Workers, w => Assert.Equal((0.3, 0, 0, 0), (Math.Round(w.ComputeSeconds, 6), w.WastedSeconds, w.DelaySeconds, w.AvoidedSeconds)));
    }

    [Fact]
    public void Slow_worker_is_charged_what_it_was_slow()
    {
        var result = Run(Uncoded, "--slow", "2:7ms");
        var worst = result.Ledger!.Costliest!;
        Assert.Equal(2, worst.Worker);
        Assert.Equal(30 * 0.007, worst.Seconds, 6);
        Assert.Equal((0, 0, 0, 1.0), (worst.AvoidedSeconds, worst.Compute, worst.Upload, worst.Weather));
        Assert.Equal(30 * 0.007, result.Workers[2].WeatherSeconds, 6);
        Assert.Equal(0, result.Ledger.SavedSeconds, 6);
    }

    [Fact]
    public void Slow_link_is_charged_to_upload_and_late_start()
    {
        var result = Run(Uncoded, "--link", "1ms,1:10ms");
        var worst = result.Ledger!.Costliest!;
        Assert.Equal(1, worst.Worker);
        Assert.Equal(30 * 2 * 0.009, worst.Seconds, 5);
        Assert.Equal((0.5, 0.5), (Math.Round(worst.Upload, 3), Math.Round(worst.LateStart, 3)));
    }

    [Fact]
    public void Redundancy_that_nobody_needed_shows_its_price()
    {
        // Each of four computes two of four partitions: 10 ms a round lost, and 4 × 10 ms computed twice.
        var result = Run("""{ "name": "fractional-repetition", "workers": 4, "stragglers": 1 }""");
        Assert.Equal(-30 * 0.010, result.Ledger!.SavedSeconds, 6);
        Assert.Equal(30 * 0.040, result.Ledger.ExtraWorkerSeconds, 6);
        Assert.Null(result.Ledger.Costliest);
    }

    [Fact]
    public void Worker_that_is_always_overtaken_is_named_without_a_cost()
    {
        // Worker 3 would need 510 ms and gives up whenever a newer model comes: that waiting would have cost anything is not known.
        var result = Run("""{ "name": "fractional-repetition", "workers": 4, "stragglers": 1 }""", "--slow", "3:500ms");
        Assert.Equal(30, result.Workers[3].RoundsSilent);
        Assert.All(result.Workers.Take(3), w => Assert.True(w.RoundsSilent <= 1, $"{w}"));
        Assert.Equal(0, result.Workers[3].DelaySeconds, 6);
        Assert.StartsWith("worker 3 gave nothing in 30 of 30 rounds", LedgerText.Silent(result.Workers, result.Rounds), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("coded-descent", Uncoded, "0:exp(1ms,9ms)")]
    [InlineData("coded-descent", """{ "name": "cyclic-repetition", "workers": 4, "stragglers": 2 }""", "0:exp(1ms,9ms)")]
    [InlineData("coded-descent", """{ "name": "reissue", "workers": 4 }""", "0:pareto(5ms,1.1)")]
    [InlineData("coded-descent", """{ "name": "dynamic-shards", "workers": 4 }""", "0:exp(1ms,9ms)")]
    [InlineData("stale-synchronous", Uncoded, "0:exp(1ms,9ms)")]
    [InlineData("async-descent", Uncoded, "0:exp(1ms,9ms)")]
    [InlineData("local-descent", Uncoded, "0:exp(1ms,9ms)")]
    public void Parts_sum_to_the_time_paid_for(string strategy, string code, string slow)
    {
        string[] flags = strategy switch
        {
            "async-descent" => ["--set", "strategy.name=async-descent", "--set", "strategy.maxStaleness=8"],
            "stale-synchronous" => ["--set", "strategy.name=stale-synchronous", "--set", "strategy.slack=3"],
            "local-descent" => ["--set", "strategy.name=local-descent", "--set", "strategy.steps=2", "--set", "mixer=ring-all-reduce"],
            _ => [],
        };
        var result = Run(code, [.. flags, "--slow", slow, "--kill", "1@7"]);
        Assert.All(result.Workers, w =>
        {
            Assert.Equal(w.CostSeconds, w.ComputeSeconds + w.WeatherSeconds + w.LateStartSeconds + w.UploadSeconds + w.IdleSeconds, 6);
            Assert.True(w.WastedSeconds <= w.ComputeSeconds + 1e-9, $"{w}");
            Assert.True(w.IdleSeconds >= 0 && w.UploadSeconds >= 0 && w.LateStartSeconds >= 0, $"{w}");
        });
    }

    private RunResult Run(string code, params string[] flags)
    {
        var exit = _bench.Run(["run", _bench.Spec(code: code), "--fabric", "sim", "--json", "--force", "--out", _bench.In("run"), .. flags]);
        Assert.True(exit == 0, _bench.Errors);
        return RunResult.Load(_bench.In("run/result.json"));
    }
}

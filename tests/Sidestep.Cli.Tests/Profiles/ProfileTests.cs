using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Profiles;

public sealed class ProfileTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Profile_of_a_simulated_run_holds_what_the_simulator_was_told()
    {
        var profile = Profile("uncoded", 0, "1:exp(20ms,50ms)");
        Assert.Equal((4, 4, 300L), (profile.Workers.Length, profile.Run.Partitions, profile.Run.Rounds));
        Assert.Equal(7 * 3 * 4, profile.Run.ModelBytes);
        Assert.All(profile.Workers, w => Assert.Equal("20ms", w.Compute.Law));
        Assert.All(profile.Workers, w => Assert.Equal(0.1, w.Start.Milliseconds.Mean, 0.001));
        Assert.All(profile.Workers, w => Assert.Equal(0.1, w.Upload.Milliseconds.Mean, 0.001));
        Assert.Null(profile.Workers[0].Weather);
        var weather = Assert.IsType<ExponentialLatency>(profile.Workers[1].Weather!.ToModel());
        Assert.Equal(20, weather.Shift.TotalMilliseconds, 1.0);
        Assert.Equal(50, weather.Mean.TotalMilliseconds, 12.0);
    }

    [Theory]
    [InlineData("uncoded", 0)]
    [InlineData("reissue", 0)]
    [InlineData("fractional-repetition", 1)]
    public void Profile_of_a_calm_run_predicts_stormy_ones_to_the_round(string code, int stragglers)
    {
        const string Storm = "1:exp(20ms,50ms),3:pareto(20ms,1.5)";
        var calm = Profile("uncoded", 0, string.Empty, "calm");
        var stormy = Profile(code, stragglers, Storm, "stormy");
        var scheme = new Scheme(new CodeSpec(code, 4, stragglers), new StrategySpec());
        foreach (var laws in (bool[])[false, true])
        {
            var times = SchemeSimulation.Run(ProfileScenes.Of(calm, scheme, laws) with
            {
                Weather = Weather.None with { Slow = WeatherSyntax.ParseSlow(Storm, 4) },
                WarmUp = 5,
                Rounds = 300,
            });
            Assert.Equal(stormy.Run.Round.Mean, times.Mean * 1000, 0.01 * stormy.Run.Round.Mean);
            Assert.Equal(stormy.Run.Round.P95, times.Quantile(0.95) * 1000, 0.01 * stormy.Run.Round.P95);
        }
    }

    [Fact]
    public void Clocks_that_differ_are_put_right_by_the_order_of_events()
    {
        // Model down 1 ms, compute 10 ms, share up 2 ms; the worker's clock is 500 ms behind.
        var profile = FromEvents(40, (line, round) =>
        {
            var at = 0.1 * round;
            line(0, round, "model", at, at, 100);
            line(0, round, "compute", at + 0.001 - 0.5, at + 0.011 - 0.5, 1);
            line(0, round, "share", at + 0.013, at + 0.013, 100);
            line(-1, round, "round", at, at + 0.0135, 0);
        });
        var worker = profile.Workers[0];
        Assert.Equal(10, worker.Compute.Milliseconds.Mean, 0.01);
        Assert.Equal(1.5, worker.Start.Milliseconds.Mean, 0.01);
        Assert.Equal(1.5, worker.Upload.Milliseconds.Mean, 0.01);
        Assert.Equal(0.5, profile.Coordinator.Milliseconds.Mean, 0.01);
    }

    [Fact]
    public void Computations_cut_short_count_as_longer_and_the_worker_behind_them_as_busy()
    {
        // Every other round is cut after 12 ms, the others take 10 ms: no delay above 12 ms was ever seen whole.
        var profile = FromEvents(80, (line, round) =>
        {
            var at = 0.0125 * round;
            var cut = round % 2 == 1;
            line(0, round, "model", at, at, 100);
            line(0, round, "compute", at + 0.0001, at + (cut ? 0.0127 : 0.0101), cut ? 0 : 1);
            line(0, round, cut ? "late" : "share", at + 0.0105, at + 0.0105, 100);
            line(1, round, "model", at, at, 100);
            line(1, round, "compute", at + 0.0002, at + 0.0102, 1);
            line(1, round, "share", at + 0.0104, at + 0.0104, 100);
            line(-1, round, "round", at, at + 0.011, 0);
        });
        var worker = profile.Workers[0];
        Assert.InRange(worker.Compute.Cut, 36, 38);
        Assert.False(worker.Compute.CanReplay);
        Assert.True(profile.Workers[1].Compute.CanReplay);

        // After a cut round the worker was not idle when the next model left.
        Assert.InRange(worker.Start.Samples, 36, 38);
        Assert.Contains("compute was measured", string.Join(';', ProfileFitting.Doubts(profile)), StringComparison.Ordinal);
    }

    [Fact]
    public void Deaths_are_counted_per_second_of_being_there()
    {
        Assert.Equal(0, _bench.Run("run", Spec("uncoded", 0), "--fabric", "sim", "--kill", "2@50,2@150", "--out", _bench.In("mortal")));
        var profile = ProfileFitting.FromRun(_bench.In("mortal"));
        Assert.Equal(0, profile.Workers[0].DeathsPerSecond);
        Assert.InRange(profile.Workers[2].DeathsPerSecond, 0.2, 0.5);
        Assert.Equal(0.5, profile.Run.RespawnSeconds!.Value, 0.05);
    }

    [Fact]
    public void Profile_is_written_and_read_back()
    {
        Assert.Equal(0, _bench.Run("run", Spec("uncoded", 0), "--fabric", "sim", "--out", _bench.In("run")));
        Assert.Equal(0, _bench.Run("profile", _bench.In("run"), "--out", _bench.In("p.json")));
        Assert.Contains("late start", _bench.Output, StringComparison.Ordinal);
        var profile = LatencyProfile.Load(_bench.In("p.json"));
        Assert.Equal(File.ReadAllText(_bench.In("p.json")), profile.ToJson());
        Assert.Equal(0, _bench.Run("profile", _bench.In("run"), "--json"));
        Assert.Equal(profile.ToJson(), _bench.Output);
    }

    [Fact]
    public void Simulate_prints_every_scheme_and_marks_the_cheapest_exact_one()
    {
        Write("p.json", Profile("uncoded", 0, string.Empty));
        Assert.Equal(0, _bench.Run("simulate", _bench.In("p.json"), "--slow", "1:200ms", "--rounds", "200", "--json"));
        var view = JsonNode.Parse(_bench.Output)!;
        var schemes = view["schemes"]!.AsArray();
        Assert.Contains(schemes, s => (string)s!["scheme"]! == "reissue");
        Assert.Equal(schemes.Select(s => (double)s!["mean"]!).Order(), schemes.Select(s => (double)s!["mean"]!));
        var best = Assert.Single(schemes, s => (bool)s!["cheapestExact"]!)!;
        Assert.NotEqual("E2", (string)best["exactness"]!);
        Assert.NotEqual("uncoded", (string)best["scheme"]!);
        Assert.Equal(0.2202, (double)schemes.Single(s => (string)s!["scheme"]! == "uncoded")!["mean"]!, 0.001);

        Assert.Equal(0, _bench.Run("simulate", _bench.In("p.json"), "--workers", "9", "--codes", "uncoded,fractional-repetition(2)", "--rounds", "100"));
        Assert.Contains("* the cheapest exact scheme here: uncoded", _bench.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Probe_measures_without_keeping_a_run()
    {
        Assert.Equal(0, _bench.Run("probe", Spec("fractional-repetition", 1), "--rounds", "30", "--fabric", "threads", "--out", _bench.In("p.json"), "--set", "compute=\"emulated(2ms)\""));
        var profile = LatencyProfile.Load(_bench.In("p.json"));
        Assert.Equal(("uncoded", 30L), (profile.Run.Code, profile.Run.Rounds));
        Assert.All(profile.Workers, w => Assert.InRange(w.Compute.Milliseconds.P50, 2, 100));
    }

    [Theory]
    [InlineData("{", 78, "not valid JSON")]
    [InlineData("""{ "version": 2 }""", 78, "version is 2")]
    [InlineData("""{ "version": 1 }""", 78, "the profile needs the key 'run'")]
    public void Malformed_profiles_are_refused(string text, int code, string piece)
    {
        Assert.Equal(code, _bench.Run("simulate", _bench.Write("bad.json", text)));
        Assert.Contains(piece, _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"law\": \"20ms\"", "\"law\": \"gamma(1ms,2)\"", "workers[0].compute.law: the latency 'gamma(1ms,2)' begins with 'gamma'")]
    [InlineData("\"law\": \"20ms\"", "\"law\": \"exp(-5ms,1ms)\"", "'-5ms' is not a duration")]
    [InlineData("\"law\": \"20ms\"", "\"law\": \"pareto(5ms,-1)\"", "the shape '-1'")]
    [InlineData("\"law\": \"20ms\"", "\"lawn\": \"20ms\"", "workers[0].compute.lawn is not a known key; the nearest is 'law'")]
    [InlineData("\"deathsPerSecond\": 0", "\"deathsPerSecond\": -1", "workers[0].deathsPerSecond is -1; it must be from 0")]
    [InlineData("\"slot\": 1", "\"slot\": 3", "workers[1].slot is 3")]
    [InlineData("\"samples\": 300", "\"samples\": \"many\"", "samples is 'many'")]
    [InlineData("\"compute\": \"emulated(20ms)\"", "\"compute\": \"guessed\"", "run.compute: 'guessed'")]
    public void Wrong_entries_of_profiles_are_named(string right, string wrong, string piece)
    {
        var text = Profile("uncoded", 0, string.Empty).ToJson();
        var at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at > 0);
        var bad = _bench.Write("bad.json", text[..at] + wrong + text[(at + right.Length)..]);
        Assert.Equal(78, _bench.Run("simulate", bad));
        Assert.Contains(piece, _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_profile_and_no_run_is_said()
    {
        Assert.Equal(78, _bench.Run("simulate", _bench.Folder));
        Assert.Contains("is a folder", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal(78, _bench.Run("simulate", _bench.In("nothing.json")));
        Assert.Equal(65, _bench.Run("profile", _bench.In("nothing")));
        Assert.Contains("holds no run", _bench.Errors, StringComparison.Ordinal);

        Assert.Equal(0, _bench.Run("run", Spec("uncoded", 0), "--fabric", "sim", "--out", _bench.In("run")));
        File.Move(_bench.In("run/events.jsonl"), _bench.In("run/events.old"));
        Assert.Equal(65, _bench.Run("profile", _bench.In("run")));
        Assert.Contains("no events.jsonl", _bench.Errors, StringComparison.Ordinal);

        File.WriteAllLines(_bench.In("run/events.jsonl"), [.. File.ReadLines(_bench.In("run/events.old")).Take(3), "{\"slot\":\"x\"}", "{}"]);
        Assert.Equal(65, _bench.Run("profile", _bench.In("run")));
        Assert.Contains("line 4 is not an event", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_rounds_are_refused_with_the_number_needed()
    {
        Assert.Equal(0, _bench.Run("run", Spec("uncoded", 0), "--fabric", "sim", "--set", "rounds=15", "--out", _bench.In("short")));
        Assert.Equal(65, _bench.Run("profile", _bench.In("short")));
        Assert.Contains("10 rounds after the first 5, and a law needs at least 20: run at least 25 rounds", _bench.Errors, StringComparison.Ordinal);
        Assert.Equal(78, _bench.Run("probe", Spec("uncoded", 0), "--rounds", "5", "--fabric", "sim"));
        Assert.Contains("at least 20", _bench.Errors, StringComparison.Ordinal);

        Assert.Equal(0, _bench.Run("run", Spec("uncoded", 0), "--fabric", "sim", "--set", "strategy.name=async-descent", "--out", _bench.In("async")));
        Assert.Equal(65, _bench.Run("profile", _bench.In("async")));
        Assert.Contains("rounds of async-descent do not collect shares", _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--codes", "uncodet", 78)]
    [InlineData("--slow", "7:1ms", 78)]
    [InlineData("--rounds", "0", 64)]
    [InlineData("--workers", "0", 64)]
    public void Wrong_flags_of_simulate_are_refused(string flag, string value, int code)
    {
        Write("p.json", Profile("uncoded", 0, string.Empty));
        Assert.Equal(code, _bench.Run("simulate", _bench.In("p.json"), flag, value));
    }

    [Fact]
    public void Events_of_a_run_that_was_interrupted_are_read_up_to_the_last_whole_line()
    {
        var path = _bench.Write("events.jsonl", "{\"slot\":0,\"round\":3,\"row\":1,\"phase\":\"share\",\"start\":1.5,\"end\":1.50001,\"value\":84}\n{\"slot\":0,\"rou");
        var happened = Assert.Single(EventsReader.Read(path));
        Assert.Equal(new RunEvent(0, 3, 1, Phase.Share, TimeSpan.FromSeconds(1.5), TimeSpan.FromTicks(15_000_100), 84), happened);
    }

    private LatencyProfile Profile(string code, int stragglers, string slow, string name = "run")
    {
        Assert.Equal(0, _bench.Run("run", Spec(code, stragglers), "--fabric", "sim", "--slow", slow, "--out", _bench.In(name)));
        return ProfileFitting.FromRun(_bench.In(name));
    }

    private void Write(string name, LatencyProfile profile) => _bench.Write(name, profile.ToJson());

    private string Spec(string code, int stragglers) => _bench.Write("spec.json", $$"""
        {
          "version": 1,
          "data": { "kind": "gaussian-mixture", "count": 80, "features": 6, "classes": 3 },
          "objective": { "kind": "softmax" },
          "code": { "name": "{{code}}", "workers": 4, "stragglers": {{stragglers}} },
          "optimizer": { "name": "sgd", "rate": 0.2 },
          "rounds": 305, "hashEvery": 1000, "compute": "emulated(20ms)", "kernels": "managed"
        }
        """);

    private LatencyProfile FromEvents(int rounds, Action<Action<int, int, string, double, double, double>, int> write)
    {
        Directory.CreateDirectory(_bench.In("made"));
        var text = new StringBuilder();
        for (var round = 0; round < rounds; round++)
        {
            write(
                (slot, r, phase, start, end, value) => text.AppendLine(string.Create(
                    CultureInfo.InvariantCulture, $$"""{"slot":{{slot}},"round":{{r}},"phase":"{{phase}}","start":{{start:0.0000000}},"end":{{end:0.0000000}},"value":{{value}}}""")),
                round);
        }

        File.WriteAllText(_bench.In("made/events.jsonl"), text.ToString());
        File.WriteAllText(_bench.In("made/spec.json"), File.ReadAllText(Spec("uncoded", 0)).Replace("emulated(20ms)", "measured", StringComparison.Ordinal));
        return ProfileFitting.FromRun(_bench.In("made"));
    }
}

using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Profiles;

public sealed class SchemeSimulationTests
{
    private const int Workers = 6;

    // Six workers of independent exponential times of mean 10 ms: the mean of the k-th fastest is 10 ms · (H6 − H(6−k)).
    [Theory]
    [InlineData("uncoded", 0, 24.5)]
    [InlineData("drop-slowest", 1, 14.5)]
    [InlineData("drop-slowest", 2, 9.5)]
    public void Round_time_is_that_of_order_statistics(string code, int stragglers, double expected)
    {
        var times = SchemeSimulation.Run(Scene(code, stragglers, "exp(0ms,10ms)") with { Rounds = 4000 });
        Assert.Equal(4000, times.Rounds.Length);
        Assert.InRange(times.Mean * 1000, expected - (4000 * times.MeanError), expected + (4000 * times.MeanError));
        Assert.InRange(times.MeanError * 1000, 0.05, 0.3);
    }

    [Theory]
    [InlineData("uncoded", 0, 13.0)]
    [InlineData("fractional-repetition", 1, 23.0)]
    [InlineData("cyclic-repetition", 2, 33.0)]
    [InlineData("pair-lines", 0, 13.0)]
    public void Steady_workers_take_start_and_cost_and_upload(string code, int stragglers, double expected)
    {
        var times = SchemeSimulation.Run(Scene(code, stragglers, "10ms", "1ms", "2ms") with { Rounds = 50 });
        Assert.All(times.Rounds, r => Assert.Equal(expected, r * 1000, 0.01));
        Assert.Equal(Workers * times.Mean, times.WorkerSeconds, 1e-9);
    }

    [Fact]
    public void Only_the_proportional_part_of_compute_grows_with_cost_and_only_the_size_part_of_upload_shrinks()
    {
        var worker = Worker("12ms", "1ms", "5ms") with { Proportional = TimeSpan.FromMilliseconds(10), UploadSize = TimeSpan.FromMilliseconds(3) };
        var scene = Scene("fractional-repetition", 1, "1ms") with { Workers = [.. Enumerable.Repeat(worker, Workers)], Rounds = 30 };
        Assert.Equal(1 + 22 + 5, SchemeSimulation.Run(scene).Mean * 1000, 0.01);

        // Shares of pair-lines are a third of the model, each of one partition.
        var lines = SchemeSimulation.Run(scene with { Code = new CodeSpec("pair-lines", Workers) });
        Assert.Equal(1 + 12 + 3, lines.Mean * 1000, 0.01);
    }

    [Fact]
    public void Twice_as_many_partitions_are_half_as_long_each()
    {
        var scene = Scene("uncoded", 0, "10ms") with { Rounds = 30, Partitions = 3 };
        Assert.Equal(5, SchemeSimulation.Run(scene).Mean * 1000, 0.01);
    }

    [Fact]
    public void Time_of_the_coordinator_lengthens_every_round()
    {
        var scene = Scene("uncoded", 0, "10ms") with { Rounds = 30, Coordinator = new ConstantLatency(TimeSpan.FromMilliseconds(4)) };
        Assert.Equal(14, SchemeSimulation.Run(scene).Mean * 1000, 0.01);
    }

    [Fact]
    public void Work_of_a_worker_that_is_always_late_is_wasted()
    {
        var scene = Scene("drop-slowest", 1, "10ms") with { Rounds = 200, Weather = Weather.None with { Slow = WeatherSyntax.ParseSlow("5:15ms", Workers) } };
        var times = SchemeSimulation.Run(scene);
        Assert.Equal(10, times.Mean * 1000, 0.1);

        // Slot 5 is still held when the next model ends its round.
        Assert.Equal(10, times.WastedSeconds * 1000, 0.5);
        Assert.Equal(60, times.BusySeconds * 1000, 0.5);
    }

    [Fact]
    public void As_many_applied_gradients_as_workers_make_a_round()
    {
        var times = SchemeSimulation.Run(Scene("uncoded", 0, "10ms") with { Strategy = new StrategySpec("async-descent", MaxStaleness: 100), Rounds = 600 });
        Assert.Equal(100, times.Rounds.Length);
        Assert.Equal(10, times.Mean * 1000, 0.1);
        Assert.Equal(Exactness.Approximate, times.Exactness);
    }

    [Fact]
    public void Same_seed_gives_the_same_rounds_and_another_gives_others()
    {
        var scene = Scene("reissue", 0, "exp(5ms,5ms)") with { Rounds = 200 };
        Assert.Equal(SchemeSimulation.Run(scene).Rounds.AsEnumerable(), SchemeSimulation.Run(scene).Rounds.AsEnumerable());
        Assert.NotEqual(SchemeSimulation.Run(scene).Rounds.AsEnumerable(), SchemeSimulation.Run(scene with { Seed = 2 }).Rounds.AsEnumerable());
    }

    [Fact]
    public void Deaths_hold_up_those_who_wait_for_the_dead_and_not_those_who_have_replicas()
    {
        var mortal = Worker("10ms", "0ms", "0ms") with { DeathsPerSecond = 0.5 };
        SchemeScene Mortals(string code, int stragglers) => Scene(code, stragglers, "10ms") with
        {
            Workers = [.. Enumerable.Repeat(Worker("10ms", "0ms", "0ms"), Workers - 1), mortal],
            Rounds = 1000,
        };
        Assert.InRange(SchemeSimulation.Run(Mortals("uncoded", 0)).Rounds.Max(), 0.5, 1);
        Assert.InRange(SchemeSimulation.Run(Mortals("fractional-repetition", 1)).Rounds.Max(), 0.0199, 0.021);
    }

    [Fact]
    public void Wrong_numbers_of_workers_are_refused() =>
        Assert.Contains(
            "has 4 workers, but the times of 6",
            Assert.Throws<ConfigurationException>(() => SchemeSimulation.Run(Scene("uncoded", 0, "1ms") with { Code = new CodeSpec("uncoded", 4) })).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("uncoded")]
    [InlineData("fractional-repetition(2)")]
    [InlineData("drop-slowest(1,rescale=true)")]
    [InlineData("uncoded+async-descent(maxStaleness=3)")]
    public void Scheme_text_round_trips(string text)
    {
        var scheme = Assert.Single(SchemeText.Parse(text, Workers));
        Assert.Equal(text, scheme.ToString());
        Assert.Equal(Workers, scheme.Code.Workers);
    }

    [Theory]
    [InlineData("uncodet", "the nearest is 'uncoded'")]
    [InlineData("uncoded(2)", "no parameter 'stragglers'")]
    [InlineData("fractional-repetition(2", "does not end with ')'")]
    [InlineData("fractional-repetition(straglers=2)", "'stragglers'")]
    [InlineData("fractional-repetition(two)", "whole number")]
    [InlineData("uncoded,,reissue", "is not a scheme")]
    [InlineData("uncoded+nothing", "nothing")]
    [InlineData("pair-lines(blocks=4)", "workers")]
    public void Wrong_scheme_text_names_the_piece(string text, string piece)
    {
        var error = Assert.Throws<ConfigurationException>(() => SchemeText.Parse(text, Workers));
        Assert.Contains(piece, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_schemes_of_the_catalog_can_be_simulated()
    {
        var schemes = SchemeText.Parse("all", Workers);
        Assert.Superset(
            new HashSet<string> { "uncoded", "reissue", "pair-lines", "fractional-repetition(1)", "drop-slowest(3)", "cyclic-repetition(2)" },
            schemes.Select(s => s.ToString()).ToHashSet());
        Assert.All(schemes, s => Assert.True(SchemeSimulation.Run(Scene("uncoded", 0, "exp(5ms,1ms)") with { Code = s.Code, Strategy = s.Strategy, Rounds = 50 }).Mean > 0.005));
    }

    private static WorkerTimes Worker(string compute, string start, string upload) =>
        new(LatencySyntax.Parse(compute), LatencySyntax.Parse(start), LatencySyntax.Parse(upload));

    private static SchemeScene Scene(string code, int stragglers, string compute, string start = "0ms", string upload = "0ms") => new()
    {
        Code = new CodeSpec(code, Workers, stragglers),
        Workers = [.. Enumerable.Repeat(Worker(compute, start, upload), Workers)],
    };
}

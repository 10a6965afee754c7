using System.Collections.Immutable;
using System.IO.Compression;
using Sidestep.Hosting;
using Xunit.Abstractions;

namespace Sidestep.Cli.Tests.Reproduce;

public sealed class TraceReplayTests(ITestOutputHelper output) : IDisposable
{
    private const string Chunks = "reissue chunks=10";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Replay_without_round_trips_lies_between_the_bound_and_a_plain_simulation()
    {
        var times = Times(workers: 6, rounds: 60);
        var cells = TraceReplay.Run(Trace(times), [0]);
        var rounds = times[0].Length;
        Assert.Equal(Enumerable.Range(0, rounds).Average(k => times.Max(t => t[k])) / 1000, Of(cells, "uncoded").Times.Mean, 5);
        Assert.Equal(2 * Enumerable.Range(0, rounds).Average(k => Groups(times, k)) / 1000, Of(cells, "fractional-repetition s=1").Times.Mean, 5);
        var (reached, bound, oracle) = (
            Of(cells, Chunks).Times.Mean * rounds * 1000, WorkSharingOracle.Bound(times), WorkSharingOracle.Play(times, 10));
        Assert.InRange(reached, bound, 1.08 * oracle);
        Assert.Equal(Exactness.BitExact, Of(cells, Chunks).Times.Exactness);
    }

    [Theory]
    [InlineData("async-descent")]
    [InlineData("stale-synchronous slack=3")]
    public void Round_of_a_scheme_without_rounds_is_as_many_gradients_as_there_are_workers(string name)
    {
        var times = Times(workers: 6, rounds: 60);
        var cells = TraceReplay.Run(Trace(times), [0]);
        Assert.InRange(Of(cells, name).Times.Mean * 1000, times.Min(own => own.Average()) / 2, Of(cells, "uncoded").Times.Mean * 1000);
        Assert.InRange(Of(cells, name).Times.BusySeconds * 1000, times.Min(own => own.Average()), 6 * times.Max(own => own.Average()));
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 1.0)]
    [InlineData(4, 0.35)]
    public void Reissue_in_ten_chunks_on_a_real_job_needs_at_most_what_is_promised(int number, double most)
    {
        var path = Path.Combine(
            DataFolder.For(AppContext.BaseDirectory), "traces", "pai-minibatch", $"job_{number}_norm.csv.gz");
        if (!File.Exists(path))
        {
            output.WriteLine($"SKIPPED: {path} is not there; set {DataFolder.Variable} to the folder of data sets");
            return;
        }

        var job = JobTrace.Read(path);
        double[][] times = [.. job.Times.Select(own => own.Select(t => t.TotalMilliseconds).ToArray())];
        var reached = Of(TraceReplay.Run(job, [0], r => r.Name is "uncoded" or Chunks), Chunks).OverWaitForAll;
        var waits = Enumerable.Range(0, job.Rounds).Sum(k => times.Max(t => t[k]));
        var oracle = WorkSharingOracle.Play(times, 10) / waits;
        output.WriteLine($"job {number}: reissue in 10 chunks {reached:0.000}, plain simulation {oracle:0.000}, bound {WorkSharingOracle.Bound(times) / waits:0.000}");
        Assert.InRange(reached, WorkSharingOracle.Bound(times) / waits, most);
        Assert.InRange(reached, 0, 1.08 * oracle);
    }

    [Theory]
    [InlineData("worker,batch_time_norm\n0,5\n1,x\n", "line 3")]
    [InlineData("worker,batch_time_norm\n0,5\n1,-1\n", "line 3")]
    [InlineData("worker,batch_time_norm\n0,5\n1\n", "line 3")]
    [InlineData("worker,batch_time_norm\n0,5\n", "1 workers")]
    [InlineData("worker,time\n0,5\n", "line 1")]
    [InlineData("", "line 1")]
    public void Bad_trace_is_refused_with_the_line(string text, string expected)
    {
        var error = Assert.Throws<DataException>(() => JobTrace.Read(_bench.Write("job.csv", text)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Traces_command_says_what_is_missing_or_damaged()
    {
        Assert.Equal(65, _bench.Run("reproduce", "traces", "--data", _bench.In("nowhere"), "--out", _bench.In("t")));
        Assert.Contains("job_1_norm.csv.gz", _bench.Errors, StringComparison.Ordinal);
        var folder = Directory.CreateDirectory(_bench.In("traces/pai-minibatch")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "job_1_norm.csv.gz"), [1, 2, 3]);
        Assert.Equal(65, _bench.Run("reproduce", "traces", "--data", _bench.Folder, "--out", _bench.In("t")));
        Assert.Contains("cannot be read", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Traces_command_writes_a_table_of_every_scheme()
    {
        var folder = Directory.CreateDirectory(_bench.In("traces/pai-minibatch")).FullName;
        var times = Times(workers: 5, rounds: 8);
        foreach (var number in (int[])[1, 2, 4])
        {
            using var text = new StreamWriter(new GZipStream(File.Create(Path.Combine(folder, $"job_{number}_norm.csv.gz")), CompressionLevel.Fastest));
            text.WriteLine(",worker,gpu,time,batch_time_norm");
            for (var i = 0; i < 40; i++)
            {
                text.WriteLine(FormattableString.Invariant($"{i},{i % 5},100,{i},{times[i % 5][i / 5]:R}"));
            }
        }

        Assert.Equal(0, _bench.Run("reproduce", "traces", "--data", _bench.Folder, "--out", _bench.In("t")));
        Assert.All(Rivals.Of(5), rival => Assert.Contains($"| {rival.Name} |", _bench.Output, StringComparison.Ordinal));
        Assert.Equal(_bench.Output, File.ReadAllText(_bench.In("t/traces.md")));
        Assert.Equal(1 + (9 * Rivals.Of(5).Count), File.ReadAllLines(_bench.In("t/traces.csv")).Length);
    }

    private static TraceCell Of(IReadOnlyList<TraceCell> cells, string name) => cells.Single(c => c.Rival.Name == name);

    private static JobTrace Trace(double[][] times) =>
        new("generated", [.. times.Select(own => own.Select(TimeSpan.FromMilliseconds).ToImmutableArray())]);

    // A heavy tail that stays with a worker for some rounds; whole milliseconds.
    private static double[][] Times(int workers, int rounds) => [.. Enumerable.Range(0, workers).Select(worker => Enumerable.Range(0, rounds)
        .Select(round => (double)(200 + new Rng(1, Purpose.Test, worker, round, 0).Next(100) + (new Rng(1, Purpose.Test, worker, round / 4, 1).Next(8) == 0 ? 2000 : 0)))
        .ToArray())];

    // Two of a group of two suffice: the faster one; the slowest group decides.
    private static double Groups(double[][] times, int round) =>
        Enumerable.Range(0, times.Length / 2).Max(group => Math.Min(times[2 * group][round], times[(2 * group) + 1][round]));
}

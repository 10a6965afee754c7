using Sidestep.Coding;
using Xunit.Abstractions;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Real jobs replayed: round k of worker j takes what its k-th mini-batch took, a chunk its part of it, messages no time.</summary>
public sealed class TraceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 300, 1.0)]
    [InlineData(2, 239, 1.0)]
    [InlineData(4, 2182, 0.35)]
    public void Reissue_in_ten_chunks_beats_waiting_for_all(int job, int rounds, double most)
    {
        if (BatchTimes.Read(job) is not { } times)
        {
            output.WriteLine($"SKIPPED: job {job} of traces/pai-minibatch is not there; set SIDESTEP_DATA to the folder of data sets");
            return;
        }

        var timing = new BatchTimes(times, 10);
        var run = Scenario.Run(new CodedDescent(), Scenario.Plan(ReissueCode.Create(10, 10), rounds), timing: timing);
        var calm = Scenario.Run(new CodedDescent(), Scenario.Plan(ReissueCode.Create(10, 10), rounds));
        Assert.Equal(calm.State.TrajectoryHash, run.State.TrajectoryHash);
        var took = run.Events.Where(e => e.Phase == Phase.Round).Select(e => ((e.End - e.Start).TotalMilliseconds, timing.Slowest(e.Round))).ToArray();
        var ratio = took.Sum(t => t.Item1) / took.Sum(t => t.Item2);
        var overhead = (run.Events.Count(e => e.Phase == Phase.Compute) / (100.0 * rounds)) - 1;
        output.WriteLine($"job {job}: {ratio:0.000} of waiting for all, worst round {took.Max(t => t.Item1 / t.Item2):0.000}, chunks begun beyond {overhead:0.000}");
        Assert.True(ratio <= most, $"job {job} took {ratio:0.000} of waiting for all");
        Assert.InRange(overhead, 0, 0.1);

        // A few 100 ns a message: the simulator keeps links in order.
        Assert.All(took, t => Assert.True(t.Item1 <= t.Item2 * 1.0001, $"a round took {t.Item1} ms instead of {t.Item2} ms"));
    }
}

using Sidestep.Coding;
using Xunit.Abstractions;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Must show 5 of the rivals: the real jobs replayed at zero round trip.</summary>
public sealed class TraceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1, 300, 1.0)]
    [InlineData(2, 239, 1.0)]
    [InlineData(4, 2182, 0.35)]
    public void Reissue_in_chunks_beats_waiting_for_all_on_real_jobs(int job, int rounds, double most)
    {
        if (BatchTimes.Read(job) is not { } times)
        {
            return;
        }

        foreach (var chunks in new[] { 5, 10, 20 })
        {
            var timing = new BatchTimes(times, chunks);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var run = Scenario.Run(new CodedDescent(), Scenario.Plan(ReissueCode.Create(10, chunks), rounds), timing: timing);
            var round = run.Events.Where(e => e.Phase == Phase.Round).Select(e => ((e.End - e.Start).TotalMilliseconds, timing.Slowest(e.Round))).ToArray();
            var ratio = round.Sum(r => r.Item1) / round.Sum(r => r.Item2);
            var computed = run.Events.Count(e => e.Phase == Phase.Compute);
            output.WriteLine($"job {job} (at most {most}) chunks {chunks}: {round.Length} rounds, ratio {ratio:0.0000}, worst {round.Max(r => r.Item1 / r.Item2):0.000}, begun {(double)computed / rounds / 10 / chunks - 1:0.0000}, shares {run.Events.Count(e => e.Phase == Phase.Share) / (double)rounds / 10 / chunks - 1:0.0000} asks {run.Events.Count(e => e.Phase == Phase.Ask) / (double)rounds:0.0} {watch.ElapsedMilliseconds} ms");
        }
    }
}

using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Ledger;

/// <summary>Ledgers calculated by hand.</summary>
public sealed class LedgerTests
{
    [Fact]
    public void Moments_after_the_first_arrival_are_shared_by_those_still_missing()
    {
        // Arrivals at 10, 20 and 50 ms: ten milliseconds for two, thirty for one.
        var (result, workers) = new LedgerBench(LedgerBench.Uncoded(3)).Join(0, 1, 2)
            .Work(0, 0, given: 0, begun: 1, computed: 9, there: 10)
            .Work(1, 0, given: 0, begun: 1, computed: 9, there: 20)
            .Work(2, 0, given: 0, begun: 11, computed: 49, there: 50)
            .End(0, 0, 51)
            .Close();
        Assert.Equal([0, 0.005, 0.035], workers.Select(w => Math.Round(w.DelaySeconds, 9)));
        Assert.All(workers, w => Assert.Equal(0, w.AvoidedSeconds));
        Assert.Equal(0, result.SavedSeconds, 9);
        Assert.Equal(2, result.Costliest!.Worker);
        Assert.Equal(0.035, result.Costliest.Seconds, 9);

        // Worker 2 exceeds the median by 10 ms of late start and 30 ms of compute.
        Assert.Equal((0.25, 0.75, 0), (Math.Round(result.Costliest.LateStart, 9), Math.Round(result.Costliest.Compute, 9), result.Costliest.Upload));
    }

    [Fact]
    public void Every_moment_of_a_session_has_one_name()
    {
        var (_, workers) = new LedgerBench(LedgerBench.Uncoded(1)).Join(0)
            .Say(0, 0, Phase.Model, 5, 5)
            .Say(0, 0, Phase.Weather, 7, 17)
            .Work(0, 0, given: 5, begun: 17, computed: 37, there: 40)
            .End(0, 4, 41)
            .Work(0, 1, given: 42, begun: 43, computed: 63, there: 65)
            .End(1, 41, 70)
            .Close();
        var worker = Assert.Single(workers);
        Assert.Equal(0.070, worker.CostSeconds, 9);
        Assert.Equal(0.040, worker.ComputeSeconds, 9);
        Assert.Equal(0.010, worker.WeatherSeconds, 9);
        Assert.Equal(0.003, worker.LateStartSeconds, 9);
        Assert.Equal(0.005, worker.UploadSeconds, 9);
        Assert.Equal(0.012, worker.IdleSeconds, 9);
        Assert.Equal(0, worker.WastedSeconds);
    }

    [Fact]
    public void Late_share_says_what_was_not_waited_for()
    {
        // Replication by two: each computes two partitions of 10 ms; the round ends without worker 1, which would have needed 100 + 10 + 5.
        var basis = LedgerBench.Uncoded(2) with { PassCost = 2 };
        var (result, workers) = new LedgerBench(basis).Join(0, 1)
            .Work(0, 0, given: 0, begun: 0, computed: 20, there: 25, cost: 2)
            .Say(1, 0, Phase.Model, 0, 0)
            .End(0, 0, 25)
            .Say(1, 0, Phase.Weather, 0, 100)
            .Say(1, 0, Phase.Compute, 100, 120, 2)
            .Say(1, 0, Phase.Late, 125, 125, row: 1)
            .Close();
        Assert.Equal(0.115 - 0.025, result.SavedSeconds, 9);
        Assert.Equal(2 * (0.115 - 0.025), result.SavedWorkerSeconds, 9);
        Assert.Equal(0.090, workers[1].AvoidedSeconds, 9);
        Assert.Equal(0, workers[1].DelaySeconds);
        Assert.Equal(0.020, workers[1].WastedSeconds, 9);
        Assert.Equal(0.020, result.ExtraWorkerSeconds, 9);
        Assert.Equal((1, 1.0), (result.Costliest!.Worker, Math.Round(result.Costliest.Weather, 9)));
    }

    [Fact]
    public void Share_that_was_never_sent_counts_until_it_was_computed()
    {
        var (result, workers) = new LedgerBench(LedgerBench.Uncoded(2)).Join(0, 1)
            .Work(0, 0, given: 0, begun: 0, computed: 10, there: 12)
            .Say(1, 0, Phase.Model, 0, 0)
            .End(0, 0, 12)
            .Say(1, 1, Phase.Model, 12, 12)
            .Say(1, 0, Phase.Compute, 0, 50, 1)
            .Work(0, 1, given: 12, begun: 12, computed: 22, there: 24)
            .Work(1, 1, given: 12, begun: 50, computed: 60, there: 62)
            .End(1, 12, 62)
            .Close();

        // Round 0 would have waited 38 ms; in round 1 worker 1 was busy with old work for 38 ms, which waiting for all would not have had.
        Assert.Equal(0.038 - 0.038, result.SavedSeconds, 9);
        Assert.Equal(0.038, workers[1].AvoidedSeconds, 9);
        Assert.Equal(0.038, workers[1].DelaySeconds, 9);
        Assert.Equal(0.050, workers[1].WastedSeconds, 9);
        Assert.Equal(0, workers[1].LateStartSeconds, 9);
    }

    [Fact]
    public void Death_costs_until_the_next_session()
    {
        var (result, workers) = new LedgerBench(LedgerBench.Uncoded(2)).Join(0, 1)
            .Work(0, 0, given: 0, begun: 0, computed: 10, there: 10)
            .Say(1, 0, Phase.Model, 0, 0)
            .Say(1, 0, Phase.Lost, 4, 4)
            .End(0, 0, 10)
            .Work(0, 1, given: 10, begun: 10, computed: 20, there: 20)
            .End(1, 10, 20)
            .Say(1, 2, Phase.Joined, 500, 500)
            .Close();
        Assert.Equal(0.490, workers[1].AvoidedSeconds, 9);
        Assert.Equal(0.490, result.SavedSeconds, 9);
        Assert.Equal((1, 1.0), (result.Costliest!.Worker, Math.Round(result.Costliest.Away, 9)));
        Assert.Equal(1, workers[1].Deaths);
        Assert.Equal(0.004, workers[1].CostSeconds, 9);
    }

    [Fact]
    public void Worker_that_never_comes_back_is_not_invented_time_for()
    {
        var (result, _) = new LedgerBench(LedgerBench.Uncoded(2)).Join(0, 1)
            .Work(0, 0, given: 0, begun: 0, computed: 10, there: 10)
            .Say(1, 0, Phase.Model, 0, 0)
            .Say(1, 0, Phase.Lost, 4, 4)
            .End(0, 0, 10)
            .Close();
        Assert.Equal(0, result.SavedSeconds, 9);
    }

    [Fact]
    public void Helper_is_not_blamed_for_the_row_it_was_asked_for()
    {
        // Reissue: worker 0 is done at 10, is asked for worker 1's partition at 30 and delivers it at 42; worker 1 comes late at 100.
        var basis = LedgerBench.Uncoded(2) with { OnRequest = [false, false, true, true] };
        var (result, workers) = new LedgerBench(basis).Join(0, 1)
            .Work(0, 0, given: 0, begun: 0, computed: 10, there: 10)
            .Say(1, 0, Phase.Model, 0, 0)
            .Say(0, 0, Phase.Ask, 30, 30, row: 2)
            .Say(0, 0, Phase.Compute, 31, 41, 1)
            .Say(0, 0, Phase.Share, 42, 42, row: 2)
            .End(0, 0, 42)
            .Say(1, 0, Phase.Compute, 90, 100, 1)
            .Say(1, 0, Phase.Late, 100, 100, row: 1)
            .Close();
        Assert.Equal((0, 0.032), (workers[0].DelaySeconds, Math.Round(workers[1].DelaySeconds, 9)));
        Assert.Equal(0.058, workers[1].AvoidedSeconds, 9);
        Assert.Equal(0.058, result.SavedSeconds, 9);
        Assert.Equal(0.010, result.ExtraWorkerSeconds, 9);
    }

    [Fact]
    public void Clock_that_differs_does_not_invent_savings()
    {
        // Worker 1's clock is 7 ms ahead: it seems to have computed until after its share had come.
        var (result, _) = new LedgerBench(LedgerBench.Uncoded(2)).Join(0, 1)
            .Work(0, 0, given: 0, begun: 1, computed: 11, there: 12)
            .Work(1, 0, given: 0, begun: 8, computed: 18, there: 12)
            .End(0, 0, 12)
            .Close();
        Assert.Equal(0, result.SavedSeconds, 9);
    }

    [Fact]
    public void Stuck_worker_does_not_keep_rounds_for_ever()
    {
        var bench = new LedgerBench(LedgerBench.Uncoded(2)).Join(0, 1).Say(1, 0, Phase.Model, 0, 0);
        const int Rounds = 10_000;
        for (var round = 0; round < Rounds; round++)
        {
            bench.Work(0, round, 10 * round, 10 * round, (10 * round) + 9, (10 * round) + 10).End(round, 10 * round, (10 * round) + 10);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = Rounds; round < Rounds + 100; round++)
        {
            bench.Work(0, round, 10 * round, 10 * round, (10 * round) + 9, (10 * round) + 10).End(round, 10 * round, (10 * round) + 10);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(0, bench.Close().Result.SavedSeconds, 9);
    }
}

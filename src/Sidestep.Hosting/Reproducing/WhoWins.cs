namespace Sidestep.Hosting;

/// <summary>Simulates every scheme at every point of a map: who has the shortest rounds, and who is first at a target.</summary>
/// <remarks>All schemes have the same workers, so equal time is equal worker-seconds: every worker counts from start to end, computing or not.
/// <code>foreach (var point in WhoWins.Run(WhoWinsPlan.Quick)) Console.WriteLine(point.Fastest(r => r.IsExact).Rival.Name);</code></remarks>
public static class WhoWins
{
    /// <summary>Simulates the map; deterministic.</summary>
    /// <param name="plan">The grid.</param>
    /// <param name="train">Whether the time to the target is wanted too; it takes longer than all the rest.</param>
    /// <param name="progress">Hears of every point that is done: how many are, and of how many.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <returns>The points, column after column.</returns>
    public static IReadOnlyList<WhoWinsPoint> Run(
        WhoWinsPlan plan, bool train = true, Action<int, int>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var problem = train ? new TargetProblem(plan, stop) : null;
        var points = new List<WhoWinsPoint>();
        foreach (var ratio in plan.Ratios)
        {
            foreach (var probability in plan.Probabilities)
            {
                var cells = Rivals.Of(plan.Workers).Select(rival => Cell(plan, rival, ratio, probability, problem, stop)).ToArray();
                points.Add(new WhoWinsPoint(ratio, probability, cells, RuleOfThumb.Of(plan, ratio, probability, cells)));
                progress?.Invoke(points.Count, plan.Ratios.Length * plan.Probabilities.Length);
            }
        }

        return points;
    }

    /// <summary>The scene of a scheme at a point.</summary>
    internal static SchemeScene Scene(WhoWinsPlan plan, Rival rival, double ratio, double probability, int rounds)
    {
        var oneWay = new ConstantLatency(TimeSpan.FromTicks(plan.RoundTrip(ratio).Ticks / 2));
        var worker = new WorkerTimes(new ConstantLatency(plan.Compute), oneWay, oneWay);
        return new SchemeScene
        {
            Code = rival.Code,
            Strategy = rival.Strategy,
            Workers = [.. Enumerable.Repeat(worker, plan.Workers)],
            Partitions = plan.Workers,
            Weather = plan.Stalls(probability),
            Rounds = rounds,
            Seed = plan.Seed,
        };
    }

    private static WhoWinsCell Cell(
        WhoWinsPlan plan, Rival rival, double ratio, double probability, TargetProblem? problem, CancellationToken stop)
    {
        var times = rival.Play(Scene(plan, rival, ratio, probability, plan.Rounds), stop);
        if (problem is null)
        {
            return new WhoWinsCell(rival, times, double.NaN, double.NaN, double.NaN);
        }

        if (rival.IsExact)
        {
            return new WhoWinsCell(rival, times, problem.ExactRounds, problem.ExactRounds * times.Mean, problem.Rate);
        }

        var (rounds, seconds, rate) = problem.Reach(rival, ratio, plan.Stalls(probability));
        return new WhoWinsCell(rival, times, rounds, seconds, rate);
    }
}

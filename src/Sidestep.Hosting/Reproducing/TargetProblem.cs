using Sidestep.Simulation;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>A small training problem with a target, for the question how soon a scheme gets there.</summary>
/// <remarks>Softmax regression on generated digit pictures by plain descent over all samples. The target is the loss over the whole training set at which
/// 1 % of the way from the start to the minimum is left. Exact schemes share one trajectory: they all need <see cref="ExactRounds"/> at the rate that is best
/// for it. The others are trained, in the simulator and in the same weather, at that rate and at halves of it as long as that helps: their best counts.</remarks>
internal sealed class TargetProblem
{
    private const int Pictures = 400, Side = 8;
    private const double PartLeft = 0.01, PatienceFactor = 20;
    private const int MinimumRounds = 1500, MostHalvings = 8;

    private readonly WhoWinsPlan _plan;
    private readonly CancellationToken _stop;
    private readonly double _target;

    /// <summary>Finds the minimum, the target, and the best rate of exact descent.</summary>
    /// <param name="plan">The map.</param>
    /// <param name="stop">Ends it.</param>
    public TargetProblem(WhoWinsPlan plan, CancellationToken stop)
    {
        (_plan, _stop) = (plan, stop);
        var exact = Rivals.Of(plan.Workers)[0];
        var (start, minimum) = (double.NaN, double.PositiveInfinity);
        Train(Spec(exact, new NesterovSpec(1), Weather.None, 1, MinimumRounds), every: 1, (_, _, loss) =>
        {
            start = double.IsNaN(start) ? loss : start;
            minimum = Math.Min(minimum, loss);
            return false;
        });
        _target = minimum + (PartLeft * (start - minimum));
        (ExactRounds, Rate) = BestRate(exact);
    }

    /// <summary>Rounds an exact scheme needs.</summary>
    public long ExactRounds { get; }

    /// <summary>The rate it needs them at.</summary>
    public double Rate { get; }

    /// <summary>Trains a scheme in a weather.</summary>
    /// <param name="rival">The scheme.</param>
    /// <param name="ratio">c over the round-trip time.</param>
    /// <param name="weather">The stalls.</param>
    /// <returns>Rounds, seconds and rate of the fastest way to the target; NaN: none was found.</returns>
    public (double Rounds, double Seconds, double Rate) Reach(Rival rival, double ratio, Weather weather)
    {
        var best = (Rounds: double.NaN, Seconds: double.NaN, Rate: double.NaN);
        var rate = Rate * rival.LargestRate;
        for (var i = 0; i <= MostHalvings; i++, rate /= 2)
        {
            var (rounds, seconds) = Run(rival, ratio, weather, rate);
            if (seconds < best.Seconds || double.IsNaN(best.Seconds))
            {
                best = double.IsNaN(seconds) ? best : (rounds, seconds, rate);
            }
            else
            {
                break;
            }
        }

        return best;
    }

    /// <summary>The spec of a run at a point of the map; also what runs on processes.</summary>
    public static RunSpec Spec(WhoWinsPlan plan, Rival rival, double ratio, Weather weather, long rounds, OptimizerSpec optimizer)
    {
        var partitions = Codes.Create(rival.Code).Table.Partitions;
        var oneWay = TimeSpan.FromTicks(plan.RoundTrip(ratio).Ticks / 2);
        return new RunSpec(
            Version: 1,
            new DigitsDataSpec(Pictures, Side, plan.Seed),
            new SoftmaxSpec(1e-3),
            rival.Code,
            optimizer,
            rounds,
            rival.Strategy,
            Seed: plan.Seed,
            Compute: ComputeSyntax.Format(new ComputeModel(plan.Compute * plan.Workers / partitions)),
            Kernels: "managed",
            HashEvery: rounds,
            Slow: WeatherSyntax.FormatSlow(weather.Slow),
            Link: DurationSyntax.Format(oneWay));
    }

    private RunSpec Spec(Rival rival, OptimizerSpec optimizer, Weather weather, double ratio, long rounds) =>
        Spec(_plan, rival, ratio, weather, rounds, optimizer);

    // Doubling until it gets worse: with too large a rate descent never arrives.
    private (long Rounds, double Rate) BestRate(Rival exact)
    {
        var best = (Rounds: long.MaxValue, Rate: double.NaN);
        for (var rate = 1.0 / 16; ; rate *= 2)
        {
            var reached = long.MaxValue;
            Train(Spec(exact, new SgdSpec(rate), Weather.None, 1, MinimumRounds), every: 1, (round, _, loss) =>
            {
                reached = loss <= _target ? round : reached;
                return loss <= _target || !double.IsFinite(loss);
            });
            if (reached >= best.Rounds && best.Rounds < long.MaxValue)
            {
                return best;
            }

            best = reached < best.Rounds ? (reached, rate) : best;
        }
    }

    private (double Rounds, double Seconds) Run(Rival rival, double ratio, Weather weather, double rate)
    {
        var (rounds, seconds) = (double.NaN, double.NaN);
        var most = (long)(PatienceFactor * ExactRounds * rival.StepsPerRound);
        Train(Spec(rival, new SgdSpec(rate), weather, ratio, most), rival.StepsPerRound, (round, at, loss) =>
        {
            if (loss <= _target)
            {
                (rounds, seconds) = (round / (double)rival.StepsPerRound, at);
            }

            return loss <= _target || !double.IsFinite(loss);
        });
        return (rounds, seconds);
    }

    // Calls back with (rounds done, seconds, loss over the training set) until told that it is enough.
    private void Train(RunSpec spec, int every, Func<long, double, double, bool> enough)
    {
        var resolved = new ResolvedSpec(spec, Directory.GetCurrentDirectory());
        using var planned = RunPlanner.Build(resolved, evaluate: false, _stop);
        var train = DataSets.Open(resolved, _stop).Train;
        var evaluation = new SetEvaluation(planned.Plan.Objective(), train.Rows(1));
        using var drain = new CancellationTokenSource();
        var plan = planned.Plan with
        {
            Evaluations = [new EvaluationSet("train", ["loss"], evaluation.Measure)],
            EvaluateEvery = every,
            Drain = drain.Token,
        };
        var strategy = planned.Strategy;
        var over = false;
        var options = planned.Fabric(plan, happened =>
        {
            if (happened.Phase == Phase.Evaluate && !over && enough(happened.Round, happened.End.TotalSeconds, happened.Value))
            {
                over = true;
                drain.Cancel();
            }
        });
        var state = strategy.Create(plan, Slots.Coordinator);
        new SimFabric { Traced = false }.RunAsync(
            options,
            (node, ending) => strategy.RunAsync(node, state, ending),
            (node, ending) => strategy.RunAsync(node, strategy.Create(plan, node.Id), ending),
            _stop).GetAwaiter().GetResult();
    }
}

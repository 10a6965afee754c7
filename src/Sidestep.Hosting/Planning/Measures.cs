using System.Collections.Immutable;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Validation set, test set, the watched metric and the start point of a spec.</summary>
internal static class Measures
{
    private const string Validation = "validation";
    private const string Test = "test";

    private static readonly string[] SmallIsGood = ["loss", "mse", "rmse", "mae", "error", "perplexity"];
    private static readonly string[] LargeIsGood = ["accuracy", "r2", "f1", "auc", "precision", "recall"];

    /// <summary>The rows held out of the training rows; null: none are.</summary>
    /// <exception cref="ConfigurationException">The key <c>validation</c> is not sound.</exception>
    public static RowSplit? Split(RunSpec spec, Dataset train) => spec.Validation switch
    {
        null or { Data: not null, Fraction: null, Seed: null } => null,
        { Fraction: { } fraction, Data: null, Seed: null } when SequenceLayers.IsText(train) => RowSplit.TextEnd(train, fraction),
        { Fraction: not null, Data: null } when SequenceLayers.IsText(train) => throw new ConfigurationException(
            "validation.seed says which rows are drawn, but of a text the end is held out; leave it out"),
        { Fraction: { } fraction, Data: null } v => new RowSplit(train.Count, fraction, v.Seed ?? spec.Seed),
        _ => throw new ConfigurationException(
            "validation needs either fraction, such as 0.1 (and seed, if it shall not be the run's), or data of its own"),
    };

    /// <summary>The plan with everything that only the coordinator needs.</summary>
    public static RunPlan Coordinator(
        RunPlan plan, ResolvedSpec resolved, TrainingData data, RowSplit? split, CancellationToken stop)
    {
        var (spec, train) = (resolved.Spec, data.Train);
        var sets = ImmutableArray.CreateBuilder<EvaluationSet>();
        if (split is not null)
        {
            sets.Add(Set(Validation, plan, split.HeldOut(train.Rows(1)), stop));
        }
        else if (spec.Validation?.Data is { } apart)
        {
            var held = DataSets.Open(resolved with { Spec = spec with { Data = apart } }, stop);
            sets.Add(held.Test is null
                ? Set(Validation, plan, Rows(held.Train, train), stop)
                : throw new ConfigurationException("validation.data has a test set, which nothing would use; leave it out"));
        }

        if (data.Test is { } test)
        {
            sets.Add(Set(Test, plan, Rows(test(), train), stop));
        }

        return plan with
        {
            Evaluations = sets.ToImmutable(),
            Watch = Watched(spec.Stop, sets.ToImmutable()),
            Plateau = spec.Optimizer.Schedule is PlateauScheduleSpec s
                ? new Plateau(s.Factor, s.Patience, spec.Optimizer.Rate > 0 ? Math.Min(1, s.Floor / spec.Optimizer.Rate) : 0)
                : null,
            Initial = spec.Initial is null ? default : Start(spec.Initial, resolved.Folder, plan.Shape),
        };
    }

    private static EvaluationSet Set(string name, RunPlan plan, IRows rows, CancellationToken stop)
    {
        var objective = plan.Objective();
        var evaluation = new SetEvaluation(objective, rows);
        var model = new float[plan.Shape.Length];
        objective.Initialize(new Rng(plan.Seed, Purpose.Initialize, Slots.Coordinator, 0, 0), model);
        return new EvaluationSet(name, evaluation.Names(model, stop), evaluation.Measure);
    }

    private static IRows Rows(Dataset data, Dataset train)
    {
        if (data.Features != train.Features)
        {
            throw new DataException($"{data.Name} has {data.Features} features, but {train.Name} has {train.Features}");
        }

        return data.Vocabulary == train.Vocabulary
            ? data.Rows(1)
            : throw new DataException(
                $"{data.Name} has other characters than {train.Name} ({data.Classes} and {train.Classes} different ones), so its tokens mean others; hold out the end of {train.Name} instead (fraction, or test)");
    }

    private static float[] Start(string name, string folder, ModelShape shape)
    {
        var path = DataFolder.Resolve(name, folder);
        return SafetensorsFile.Read(path).Arranged(shape, $"initial: {name}");
    }

    private static Watch? Watched(StopSpec? stop, ImmutableArray<EvaluationSet> sets)
    {
        var known = sets.SelectMany(set => set.Metrics.Select(set.FullName)).ToArray();
        var metric = stop?.Metric ?? sets.Where(s => s.Metrics.Contains("loss")).Select(s => s.FullName("loss")).FirstOrDefault();
        if (metric is null)
        {
            return stop is null ? null : throw new ConfigurationException(known.Length == 0
                ? "stop follows a metric, but nothing is evaluated: give validation, such as { \"fraction\": 0.1 }, or a test set"
                : $"stop needs metric, since no set has a loss; choices: {string.Join(", ", known)}");
        }

        if (!known.Contains(metric))
        {
            throw new ConfigurationException(known.Length == 0
                ? $"stop.metric is '{metric}', but nothing is evaluated: give validation, such as {{ \"fraction\": 0.1 }}, or a test set"
                : $"stop.metric is '{metric}', which is not measured; {Nearest.Clause(metric, known)}");
        }

        return new Watch(metric, LargerIsBetter(metric, stop?.Mode ?? "auto"), stop?.Patience ?? 0, stop?.MinDelta ?? 0, stop?.Target);
    }

    private static bool LargerIsBetter(string metric, string mode)
    {
        var name = metric[(metric.IndexOf('.', StringComparison.Ordinal) + 1)..];
        return mode switch
        {
            "max" => true,
            "min" => false,
            _ when SmallIsGood.Contains(name) => false,
            _ when LargeIsGood.Contains(name) => true,
            _ => throw new ConfigurationException($"whether small or large values of {metric} are good is not known: set stop.mode to min or max"),
        };
    }
}

using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Turns specs into plans. Everything that is wrong with a plan is said at once, before anything starts.</summary>
/// <remarks><code>var run = RunPlanner.Build(SpecFile.Load("experiments/digits.json"));</code></remarks>
public static class RunPlanner
{
    /// <summary>Creates code, compressor, optimizer and strategy, opens the data (decoding it once), and validates the whole.</summary>
    /// <param name="resolved">The spec.</param>
    /// <param name="evaluate">Whether the test set is needed; workers do without.</param>
    /// <param name="stop">Cancels decoding of data.</param>
    /// <exception cref="ConfigurationException">One part is not valid.</exception>
    /// <exception cref="CompositionException">Several parts are not valid, or they do not fit together; lists all problems.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public static PlannedRun Build(ResolvedSpec resolved, bool evaluate = true, CancellationToken stop = default)
    {
        var spec = resolved.Spec;
        var parts = Parts.Of(spec);
        var (trainSource, testSource) = DataSets.Sources(spec, resolved.Folder);
        var train = DataCache.Open(trainSource, DataCache.DefaultFolder, stop);
        var kernels = Kernels(spec.Kernels);
        var test = evaluate && testSource is not null ? DataCache.Open(testSource, DataCache.DefaultFolder, stop) : null;
        resolved = DataSets.Pin(resolved, train, test);
        var objective = Objectives.Of(spec.Objective, train, kernels);
        var table = parts.Code.Table;
        var batches = BatchPlan.For(train, table.Partitions, spec.Samples, spec.Seed);
        Func<IRows> rows = () => train.Rows(table.Partitions);
        var coded = table.Blocks > 1 && spec.Objective is PerceptronSpec;
        var plan = new RunPlan
        {
            Workers = table.Workers,
            Rounds = spec.Rounds,
            Seed = spec.Seed,
            Objective = objective,
            Shape = objective().Shape,
            Code = parts.Code,
            Layout = coded ? new PerLayerLayout(table.Blocks) : table.Blocks > 1 ? new ContiguousLayout(table.Blocks) : BlockLayout.Whole,
            Source = coded
                ? new PerceptronDerivatives(Objectives.Perceptrons((PerceptronSpec)spec.Objective, train, kernels), rows, batches)
                : new PartitionGradients(objective, rows, batches),
            Uplink = parts.Uplink,
            Mixer = parts.Mixer,
            Optimizer = parts.Optimizer,
            Evaluate = Evaluation(test, train, objective),
            EvaluateEvery = spec.EvaluateEvery,
            HashEvery = spec.HashEvery,
            QuorumTimeout = parts.QuorumTimeout,
        };
        parts.Strategy.Validate(plan);
        return new PlannedRun(resolved, parts.Strategy, plan, parts.Weather, parts.Compute, parts.Respawn, NumericClass(kernels));
    }

    /// <summary>The numeric class of this process under a choice of kernels.</summary>
    /// <param name="choice">As in specs: <c>auto</c>, <c>managed</c> or <c>blas</c>.</param>
    /// <exception cref="ConfigurationException">The kernels are not there.</exception>
    public static string NumericClass(string choice) => NumericClass(Kernels(choice));

    private static string NumericClass(KernelChoice choice) => MatrixProduct.Create(choice).NumericClass;

    private static KernelChoice Kernels(string choice) => choice switch
    {
        "managed" => KernelChoice.Managed,
        "blas" => KernelChoice.Blas,
        _ => KernelChoice.Auto,
    };

    private static Func<ReadOnlyMemory<float>, CancellationToken, Evaluation>? Evaluation(
        Dataset? test, Dataset train, Func<IObjective> objective)
    {
        if (test is null)
        {
            return null;
        }

        return test.Features == train.Features
            ? new TestEvaluation(objective(), test).Measure
            : throw new DataException($"{test.Name} has {test.Features} features, but {train.Name} has {train.Features}");
    }
}

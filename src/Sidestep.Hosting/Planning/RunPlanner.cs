using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Turns specs into plans. Everything that is wrong with a plan is said at once, before anything starts.</summary>
/// <remarks><code>var run = RunPlanner.Build(SpecFile.Load("experiments/digits.json"));</code></remarks>
public static class RunPlanner
{
    /// <summary>Creates code, compressor, optimizer and strategy, opens the data (decoding it once), and validates the whole.</summary>
    /// <param name="resolved">The spec.</param>
    /// <param name="evaluate">Whether validation set, test set and start point are needed; workers do without.</param>
    /// <param name="stop">Cancels decoding of data.</param>
    /// <exception cref="ConfigurationException">One part is not valid.</exception>
    /// <exception cref="CompositionException">Several parts are not valid, or they do not fit together; lists all problems.</exception>
    /// <exception cref="DataException">The data cannot be used.</exception>
    public static PlannedRun Build(ResolvedSpec resolved, bool evaluate = true, CancellationToken stop = default)
    {
        var spec = resolved.Spec;
        var parts = Parts.Of(resolved);
        var data = DataSets.Open(resolved, stop);
        var test = evaluate ? data.Test?.Invoke() : null;
        data = data with { Test = test is null ? null : () => test };
        resolved = Codes.Pin(DataSets.Pin(resolved, data.Train, test));
        var program = spec.Objective is ExecSpec exec ? ExecPrograms.Start(exec, resolved.Folder, data.Train) : null;
        try
        {
            return Build(resolved, parts, data, program, evaluate, stop);
        }
        catch
        {
            program?.Dispose();
            throw;
        }
    }

    private static PlannedRun Build(
        ResolvedSpec resolved, Parts parts, TrainingData data, ExecProgram? program, bool evaluate, CancellationToken stop)
    {
        var (spec, train, kernels) = (resolved.Spec, data.Train, Kernels(resolved.Spec.Kernels));
        var objective = program is null ? Objectives.Of(resolved, train, kernels) : program.Create;
        var table = parts.Code.Table;
        var split = Measures.Split(spec, train);
        var batches = split is null
            ? BatchPlan.For(train, table.Partitions, spec.Samples, spec.Seed)
            : new BatchPlan(spec.Seed, split.PartitionCounts(table.Partitions), spec.Samples);
        Func<IRows> rows = split is null ? () => train.Rows(table.Partitions) : () => split.Remaining(train.Rows(1), table.Partitions);
        var one = objective();
        var derivatives = Derivatives.Of(spec.Code, parts.Code, one, objective, rows, batches, kernels);
        var plan = new RunPlan
        {
            Workers = table.Workers,
            Rounds = spec.Rounds,
            Seed = spec.Seed,
            Objective = objective,
            Shape = one.Shape,
            Code = derivatives.Code,
            Layout = derivatives.Layout,
            Source = derivatives.Source,
            Uplink = parts.Uplink,
            Mixer = parts.Mixer,
            Optimizer = parts.Optimizer,
            Clip = spec.Clip is { } clip ? new GradientClip(clip.Norm, clip.Value) : null,
            EvaluateEvery = spec.EvaluateEvery,
            HashEvery = spec.HashEvery,
            QuorumTimeout = parts.QuorumTimeout,
        };
        plan = evaluate ? Measures.Coordinator(plan, resolved, data, split, stop) : plan;
        parts.Strategy.Validate(plan);
        var run = new PlannedRun(resolved, parts.Strategy, plan, parts.Weather, parts.Compute, parts.Respawn, NumericClass(kernels))
        {
            SamplesPerRound = SamplesPerRound(parts.Strategy, plan, batches),
            Network = NetworkTable.Of(one, spec.Samples),
            TokensPerSample = train.Format == RowFormat.Windows ? train.Features : 0,
        };
        if (program is null)
        {
            return run;
        }

        // Workers take the coordinator's word for it.
        plan = evaluate ? plan with { Repeats = ExecPrograms.Repeats((ExecSpec)spec.Objective, program, train, spec.Seed, stop) } : plan;
        return run with { Plan = plan, NumericClass = $"{run.NumericClass}; exec {program.Description}", Program = program };
    }

    private static double SamplesPerRound(IStrategy strategy, RunPlan plan, BatchPlan batches) => strategy is LocalDescent local
        ? (double)batches.SamplesPerRound * local.Steps
        : batches.SamplesPerRound * LedgerBasis.Of(strategy, plan).PassCost / batches.Partitions;

    /// <summary>The numeric class of this process under a choice of kernels.</summary>
    /// <param name="choice">As in specs: <c>auto</c>, <c>managed</c> or <c>blas</c>.</param>
    /// <exception cref="ConfigurationException">The kernels are not there.</exception>
    public static string NumericClass(string choice) => NumericClass(Kernels(choice));

    private static string NumericClass(KernelChoice choice) => MatrixProduct.Create(choice).NumericClass;

    internal static KernelChoice Kernels(string choice) => choice switch
    {
        "managed" => KernelChoice.Managed,
        "blas" => KernelChoice.Blas,
        _ => KernelChoice.Auto,
    };
}

using System.Globalization;
using Sidestep.Simulation;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Plays a scheme's real strategy, code and decoder in virtual time, with a model of a few numbers and workers whose times are laws.</summary>
/// <remarks>What is simulated is the time of messages and computations only; who is asked, who counts as late and when a round may end is decided by
/// the very code that runs live. Speed: some ten thousand rounds a second for few workers.
/// <code>var times = SchemeSimulation.Run(scene);
/// Console.WriteLine($"{times.Mean} s, p99 {times.Quantile(0.99)} s, {times.WorkerSeconds} worker-seconds a round");</code></remarks>
public static class SchemeSimulation
{
    // What the simulator takes for a process to come back, before the respawn pause.
    private static readonly TimeSpan Reboot = TimeSpan.FromMilliseconds(500);

    /// <summary>Plays it.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="stop">Ends it at once.</param>
    /// <exception cref="ConfigurationException">The code or strategy does not exist or takes other parameters, or the code has another number of workers.</exception>
    /// <exception cref="CompositionException">Code and strategy do not fit together.</exception>
    public static SchemeTimes Run(SchemeScene scene, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentOutOfRangeException.ThrowIfLessThan(scene.Rounds, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(scene.WarmUp);
        var code = Codes.ForRun(scene.Code, scene.Catalog, Strategies.IsImmediate(scene.Strategy));
        var slots = code.Table.Workers;
        if (scene.Workers.Count != slots)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"code {scene.Code.Name} has {slots} workers, but the times of {scene.Workers.Count} are given"));
        }

        var strategy = Strategies.Of(scene.Strategy, scene.Catalog);
        var plan = Plan(scene, code);
        strategy.Validate(plan);
        var ledger = new SceneLedger(slots, scene.WarmUp, Updates(strategy, plan));
        Play(scene, strategy, plan, ledger, stop);
        return new SchemeTimes
        {
            Rounds = [.. ledger.Rounds],
            Workers = slots,
            Exactness = strategy.Exactness(plan),
            Stragglers = code.Guarantee.Stragglers,
            BusySeconds = ledger.Busy / ledger.Rounds.Count,
            WastedSeconds = ledger.Wasted / ledger.Rounds.Count,
        };
    }

    private static RunPlan Plan(SchemeScene scene, ICode<float> code)
    {
        var table = code.Table;
        var nothing = new NothingToLearn(table.Partitions, table.Blocks);
        return new RunPlan
        {
            Workers = table.Workers,
            Rounds = scene.WarmUp + scene.Rounds,
            Seed = scene.Seed,
            Objective = () => nothing,
            Shape = nothing.Shape,
            Code = code,
            Layout = table.Blocks > 1 ? new ContiguousLayout(table.Blocks) : BlockLayout.Whole,
            Source = new PartitionGradients(() => nothing, () => nothing, nothing),
            Optimizer = new Sgd(1e-9),
            HashEvery = scene.WarmUp + scene.Rounds,
            QuorumTimeout = LatencyModel.Longest,
        };
    }

    private static int Updates(IStrategy strategy, RunPlan plan) => strategy is AsyncDescent { Policy: AsyncPolicy.Immediate } a
        ? Math.Max(1, plan.Code.Table.Rows.Count(r => !r.OnRequest) / (a.Shares ?? 1))
        : 1;

    private static void Play(SchemeScene scene, IStrategy strategy, RunPlan plan, SceneLedger ledger, CancellationToken stop)
    {
        var timing = new SceneTiming(scene, plan.Code.Table.Partitions, plan.Shape.Length * sizeof(float));
        var fabric = new SimFabric { Timing = timing, Traced = false };
        var deaths = new DeathSchedule(scene, fabric.Kill);
        var options = new FabricOptions
        {
            Workers = plan.Workers,
            Seed = plan.Seed,
            Limits = strategy.Limits(plan),
            Weather = scene.Weather,
            Respawn = scene.Respawn > Reboot ? scene.Respawn - Reboot : TimeSpan.Zero,
            Listener = happened =>
            {
                ledger.Hear(happened);
                deaths.Hear(happened);
            },
        };
        var state = strategy.Create(plan, Slots.Coordinator);
        fabric.RunAsync(
            options,
            (node, ending) => strategy.RunAsync(node, state, ending),
            (node, ending) => strategy.RunAsync(node, strategy.Create(plan, node.Id), ending),
            stop).GetAwaiter().GetResult();
        ledger.End();
        if (state.Status != RunStatus.Finished)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"the simulated {scene.Code.Name} ended after {state.Round} rounds: {state.Reason}"));
        }
    }
}

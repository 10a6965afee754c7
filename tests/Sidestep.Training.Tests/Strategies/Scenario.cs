using System.Collections.Immutable;
using Sidestep.Coding;
using Sidestep.Simulation;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Runs toy plans on the simulator.</summary>
internal static class Scenario
{
    public const int Length = 37;

    public static RunPlan Plan(ICode<float> code, long rounds = 40, Func<RunPlan, RunPlan>? change = null, bool integers = false)
    {
        var plan = new RunPlan
        {
            Workers = code.Table.Workers,
            Rounds = rounds,
            Seed = 3,
            Objective = () => new ToyObjective(Length),
            Shape = ModelShape.Flat(Length),
            Code = code,
            Layout = code.Table.Blocks == 1 ? BlockLayout.Whole : new ContiguousLayout(code.Table.Blocks),
            Source = new ToySource(code.Table.Partitions, Length, integers),
            Optimizer = new Momentum(new ConstantSchedule(0.05), 0.9),
            HashEvery = 10,
            QuorumTimeout = TimeSpan.FromSeconds(30),
        };
        return change?.Invoke(plan) ?? plan;
    }

    public static Outcome Run(IStrategy strategy, RunPlan plan, Weather? weather = null, TimeSpan? respawn = null, bool comesBack = true, IRunState? state = null, ISimTiming? timing = null, bool stutter = false)
    {
        strategy.Validate(plan);
        state ??= strategy.Create(plan, Slots.Coordinator);
        var events = new List<RunEvent>();
        var fabric = new SimFabric { Timing = timing, Traced = timing is null };
        var options = new FabricOptions
        {
            Workers = plan.Workers,
            Seed = plan.Seed,
            Limits = strategy.Limits(plan),
            Weather = weather ?? Weather.None,
            Respawn = comesBack ? respawn ?? TimeSpan.FromMilliseconds(30) : null,
            Listener = events.Add,
        };
        fabric.RunAsync(
            options,
            (node, stop) => strategy.RunAsync(node, state, stop),
            (node, stop) => strategy.RunAsync(stutter ? new StutteringNode(node) : node, strategy.Create(plan, node.Id), stop),
            CancellationToken.None).GetAwaiter().GetResult();
        return new Outcome(state, events, fabric.TraceHash);
    }

    public static Weather Kills(params (int Slot, long Round)[] kills) =>
        new(ImmutableSortedDictionary<int, LatencyModel>.Empty, [.. kills]);

    /// <summary>Kills s random slots in every few rounds.</summary>
    public static Weather RandomKills(int slots, int stragglers, long rounds, int every, long seed)
    {
        var kills = new List<(int, long)>();
        for (long round = 1; round < rounds; round += every)
        {
            var rng = new Rng(9, Purpose.Test, 0, round, seed);
            var chosen = new HashSet<int>();
            while (chosen.Count < stragglers)
            {
                chosen.Add(rng.Next(slots));
            }

            kills.AddRange(chosen.Select(slot => (slot, round)));
        }

        return Kills([.. kills]);
    }

    internal sealed record Outcome(IRunState State, List<RunEvent> Events, string Trace);
}

using Sidestep.Coding;
using Sidestep.Runtime.Threads;
using Sidestep.Training;

namespace Sidestep.Cli.Tests.Rounds;

[Collection("alone")]
public sealed class RoundAllocationTests
{
    private const int Features = 20, Samples = 90, Warm = 300, Measured = 1000, Attempts = 7, Bound = 256;

    public static TheoryData<string, IStrategy> Rounds => new()
    {
        { "fractional-repetition", new CodedDescent() },
        { "reissue", new CodedDescent() },
        { "uncoded", new AsyncDescent(1000) { Rule = new StalenessAwareStep() } },
        { "uncoded", AsyncDescent.StaleSynchronous(2) },

        // Versions are made when they are first needed: a long run may need more of them than a short one, so few are allowed.
        { "fractional-repetition", new AsyncDescent(1) { Policy = AsyncPolicy.Round } },
    };

    [Theory]
    [MemberData(nameof(Rounds))]
    public async Task Whole_rounds_allocate_next_to_nothing_once_warm(string name, IStrategy strategy)
    {
        await BytesOf(name, strategy, Warm);
        var perRound = new double[Attempts];
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var few = await BytesOf(name, strategy, Warm);
            perRound[attempt] = (await BytesOf(name, strategy, Warm + Measured) - few) / (double)Measured;
        }

        // What a round allocates, it allocates in every run: the median is free of queues and timers that grew once because a thread was late.
        Array.Sort(perRound);
        Assert.True(perRound[Attempts / 2] < Bound, $"bytes per round of 9 workers: {string.Join(", ", perRound.Select(bytes => $"{bytes:0.0}"))}");
    }

    private static async Task<long> BytesOf(string name, IStrategy strategy, long rounds)
    {
        var code = CodeCatalog.Find(name).Create(new CodeParameters { Workers = 9, Stragglers = 2 });
        var values = Enumerable.Range(0, Samples * Features).Select(i => ((i * 37) % 101 / 101f) - 0.5f).ToArray();
        var labels = Enumerable.Range(0, Samples).Select(i => i % 2 == 0 ? 1f : -1f).ToArray();
        var data = Dataset.FromMemory("toy", Features, 2, values, labels);
        var plan = new RunPlan
        {
            Workers = 9,
            Rounds = rounds,
            Seed = 1,
            Objective = () => new Logistic(Features, 0),
            Shape = new Logistic(Features, 0).Shape,
            Code = code,
            Source = new PartitionGradients(() => new Logistic(Features, 0), () => data.Rows(9), BatchPlan.For(data, 9, 0, 1)),
            Optimizer = new Sgd(new ConstantSchedule(0.1)),
            HashEvery = 1_000_000,
        };
        var state = strategy.Create(plan, Slots.Coordinator);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await new ThreadsFabric().RunAsync(
            new FabricOptions { Workers = 9, Seed = 1, Limits = strategy.Limits(plan) },
            (node, stop) => strategy.RunAsync(node, state, stop),
            (node, stop) => strategy.RunAsync(node, strategy.Create(plan, node.Id), stop),
            CancellationToken.None);
        Assert.Equal(RunStatus.Finished, state.Status);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}

using Sidestep.Coding;
using Sidestep.Runtime.Threads;
using Sidestep.Training;

namespace Sidestep.Cli.Tests.Rounds;

[Collection("alone")]
public sealed class RoundAllocationTests
{
    private const int Features = 20, Samples = 90, Warm = 300, Measured = 1000;

    [Theory]
    [InlineData("fractional-repetition")]
    [InlineData("reissue")]
    public async Task Whole_rounds_allocate_next_to_nothing_once_warm(string name)
    {
        await BytesOf(name, Warm);
        var few = await BytesOf(name, Warm);
        var many = await BytesOf(name, Warm + Measured);
        var perRound = (many - few) / (double)Measured;

        // Rounds, replies and computations cost nothing; what is left are queues and timers that grow once when a thread is late.
        Assert.True(perRound < 256, $"{perRound:0.0} bytes per round of 9 workers");
    }

    private static async Task<long> BytesOf(string name, long rounds)
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
        var strategy = new CodedDescent();
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

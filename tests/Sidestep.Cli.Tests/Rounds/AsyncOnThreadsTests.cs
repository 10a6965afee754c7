using Sidestep.Coding;
using Sidestep.Runtime.Threads;
using Sidestep.Training;

namespace Sidestep.Cli.Tests.Rounds;

/// <summary>Asynchronous descent on threads: with staleness 0 the bits of synchronous descent; and the policies in real time.</summary>
public sealed class AsyncOnThreadsTests
{
    private const int Features = 12, Samples = 96;
    private static readonly Dataset Data = Dataset.FromMemory(
        "toy", Features, 2, [.. Enumerable.Range(0, Samples * Features).Select(i => ((i * 37) % 101 / 101f) - 0.5f)], [.. Enumerable.Range(0, Samples).Select(i => i % 3 == 0 ? 1f : -1f)]);

    private static readonly AsyncDescent Synchronous = new(0) { Policy = AsyncPolicy.Round };

    public static TheoryData<string> Codes => ["uncoded", "fractional-repetition", "pair-lines"];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Staleness_zero_is_synchronous_bit_for_bit(string name)
    {
        var calm = await RunAsync(new CodedDescent(), name, 25);
        foreach (var shares in new int?[] { null, 6 })
        {
            var run = await RunAsync(Synchronous with { Shares = shares }, name, 25);
            Assert.Equal(calm.TrajectoryHash, run.TrajectoryHash);
            Assert.Equal(calm.Model.ToArray(), run.Model.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Policies_learn_side_by_side_without_turns(string name)
    {
        foreach (var strategy in new[] { new AsyncDescent(12), new AsyncDescent(12) { Shares = 3 }, Synchronous with { MaxStaleness = 3 }, Synchronous with { MaxStaleness = 2, Early = name == "pair-lines" } })
        {
            var state = await RunAsync(strategy, name, 240, inTurn: false);
            Assert.Equal(240, state.Round);
            Assert.All(state.Model.ToArray(), v => Assert.True(float.IsFinite(v)));
        }
    }

    private static async Task<IRunState> RunAsync(IStrategy strategy, string name, long rounds, bool inTurn = true)
    {
        var code = CodeCatalog.Find(name).Create(new CodeParameters { Workers = 6, Stragglers = name == "fractional-repetition" ? 2 : 0 });
        var partitions = code.Table.Partitions;
        var turns = new Turns();
        var source = new PartitionGradients(() => new Logistic(Features, 0), () => Data.Rows(partitions), BatchPlan.For(Data, partitions, 48, 1));
        var plan = new RunPlan
        {
            Workers = 6,
            Rounds = rounds,
            Seed = 1,
            Objective = () => new Logistic(Features, 0),
            Shape = new Logistic(Features, 0).Shape,
            Code = code,
            Layout = code.Table.Blocks == 1 ? BlockLayout.Whole : new ContiguousLayout(code.Table.Blocks),
            Source = inTurn ? new InTurn(source, turns) : source,
            Optimizer = new Momentum(new ConstantSchedule(0.1), 0.5),
            HashEvery = 5,
        };
        strategy.Validate(plan);
        var state = strategy.Create(plan, Slots.Coordinator);
        await new ThreadsFabric().RunAsync(
            new FabricOptions { Workers = 6, Seed = 1, Limits = strategy.Limits(plan), Listener = turns.Hear },
            (node, stop) => strategy.RunAsync(node, state, stop),
            (node, stop) => strategy.RunAsync(node, strategy.Create(plan, node.Id), stop),
            CancellationToken.None);
        Assert.Equal(RunStatus.Finished, state.Status);
        return state;
    }

    /// <summary>Lets the slots of a round send one after the other: what is decoded then depends on the strategy only, not on the machine.</summary>
    private sealed class Turns
    {
        private readonly object _gate = new();
        private long _round;
        private int _came;

        public void Hear(RunEvent happened)
        {
            lock (_gate)
            {
                if (happened.Phase == Phase.Share && happened.Round == _round)
                {
                    _came = Math.Max(_came, happened.Slot + 1);
                }
                else if (happened.Phase == Phase.Round)
                {
                    (_round, _came) = (happened.Round + 1, 0);
                }

                Monitor.PulseAll(_gate);
            }
        }

        public void Wait(long round, int slot, CancellationToken stop)
        {
            lock (_gate)
            {
                while (_round < round || (_round == round && _came < slot))
                {
                    stop.ThrowIfCancellationRequested();
                    Monitor.Wait(_gate, 10);
                }
            }
        }
    }

    private sealed class InTurn(IShareSource<float> inner, Turns turns) : IShareSource<float>
    {
        public IShareWork<float> Open(int slot, CodeTable<float> table, BlockLayout layout) => new Work(inner.Open(slot, table, layout), slot, turns);

        public long Samples(long round) => inner.Samples(round);

        public long Cost(int row, CodeTable<float> table) => inner.Cost(row, table);

        private sealed class Work(IShareWork<float> inner, int slot, Turns turns) : IShareWork<float>
        {
            private long _round;

            public int Upcoming => inner.Upcoming;

            public void Begin(long round, ReadOnlyMemory<float> model)
            {
                _round = round;
                inner.Begin(round, model);
            }

            public void Request(int row) => inner.Request(row);

            public bool Withdraw(int row) => inner.Withdraw(row);

            public bool Next(out int row, CancellationToken stop)
            {
                turns.Wait(_round, slot, stop);
                return inner.Next(out row, stop);
            }

            public double Write(int row, Span<float> share) => inner.Write(row, share);

            public void Save(IStateWriter writer) => inner.Save(writer);

            public void Load(IStateReader reader) => inner.Load(reader);
        }
    }
}

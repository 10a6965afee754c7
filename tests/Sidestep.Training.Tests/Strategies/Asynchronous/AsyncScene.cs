using System.Collections.Immutable;
using Sidestep.Coding;
using Sidestep.Simulation;

namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>A small asynchronous run in virtual time whose code, parameters and delays are drawn from a seed, and what must hold of its events.</summary>
internal sealed class AsyncScene
{
    public const int Length = 4;
    private const long Rounds = 12;
    private Rng _rng;
    private readonly long _seed;

    public AsyncScene(long seed)
    {
        _seed = seed;
        _rng = new Rng((ulong)seed, Purpose.Test, 0, 0, 0);
        Code = _rng.Next(6) switch
        {
            0 => UncodedCode.Create(3),
            1 => UncodedCode.Create(4),
            2 => FractionalRepetitionCode.Create(4, 1),
            3 => AsyncRoundTests.Make("layers"),
            4 => CyclicRepetitionCode.Create(4, 1, 1),
            _ => PairLinesCode.Create(3),
        };
        var isRound = _rng.Next(2) == 0;
        if (isRound && Code.Table.Blocks == 1 && ReissueBehind.Fits(Code) && _rng.Next(2) == 0)
        {
            Code = ReissueBehind.Create(Code);
        }

        var shares = 1 + _rng.Next(Code.Table.Rows.Count(r => !r.OnRequest));
        Strategy = new AsyncDescent(_rng.Next(5))
        {
            Policy = isRound ? AsyncPolicy.Round : AsyncPolicy.Immediate,
            Shares = _rng.Next(2) == 0 ? null : shares,
            Early = isRound && Code.Table.Blocks > 1 && _rng.Next(2) == 0,
            Deadline = isRound && _rng.Next(3) == 0 ? TimeSpan.FromMilliseconds(30) : null,
        };
    }

    public ICode<float> Code { get; }

    public AsyncDescent Strategy { get; }

    public ToySource Source => new(Code.Table.Partitions, Length, integers: true);

    /// <summary>Plays it; the rate makes the model minus the sum of everything applied.</summary>
    public (IRunState State, List<RunEvent> Events) Play()
    {
        var plan = new RunPlan
        {
            Workers = Code.Table.Workers,
            Rounds = Rounds,
            Seed = (ulong)_seed,
            Objective = () => new ToyObjective(Length),
            Shape = ModelShape.Flat(Length),
            Code = Code,
            Layout = Code.Table.Blocks == 1 ? BlockLayout.Whole : new ContiguousLayout(Code.Table.Blocks),
            Source = Source,
            Optimizer = new Sgd(new ConstantSchedule(Code.Table.Partitions)),
            HashEvery = Rounds,
            QuorumTimeout = TimeSpan.FromSeconds(30),
        };
        var kills = _rng.Next(4) == 0 ? Scenario.Kills((_rng.Next(plan.Workers), 1 + _rng.Next(8)), (_rng.Next(plan.Workers), 1 + _rng.Next(8))) : Weather.None;
        var run = Scenario.Run(Strategy, plan, kills, timing: new DrawnTimes(_seed));
        return (run.State, run.Events);
    }

    /// <summary>The staleness of everything that counted, from the order of events alone; checks what must hold of each.</summary>
    public long Check(IRunState state, List<RunEvent> events)
    {
        Assert.Equal(RunStatus.Finished, state.Status);
        Assert.Equal(Rounds, state.Round);
        var isRound = Strategy.Policy == AsyncPolicy.Round;
        var read = new Dictionary<(int, long), long>();
        var counted = new HashSet<(int Row, long Label, long Version)>();
        long done = 0, stalest = 0;
        foreach (var e in events)
        {
            switch (e.Phase)
            {
                case Phase.Model when isRound:
                    read.TryAdd((0, e.Round), done);
                    break;
                case Phase.Model:
                    read[(e.Slot, e.Round)] = done;
                    break;
                case Phase.Share when !isRound:
                    Judge(done - read[(e.Slot, e.Round)]);
                    Assert.True(counted.Add((e.Row, e.Round, read[(e.Slot, e.Round)])), "a share counted twice");
                    break;
                case Phase.Share:
                    Assert.True(e.Round >= done, "a share of a version that has taken effect counted");
                    Assert.True(counted.Add((e.Row, e.Round, 0)), "a share counted twice");
                    break;
                case Phase.Late when !isRound:
                    Assert.True(done - read[(e.Slot, e.Round)] > Strategy.MaxStaleness, "a share that is fresh enough was dropped");
                    break;
                case Phase.Step:
                    Assert.InRange(e.Value, 0, Strategy.MaxStaleness);
                    break;
                case Phase.Round:
                    Judge(isRound ? done - read[(0, e.Round)] : 0);
                    Assert.Equal(done++, e.Round);
                    break;
            }
        }

        return stalest;

        void Judge(long staleness)
        {
            Assert.InRange(staleness, 0, Strategy.MaxStaleness);
            stalest = Math.Max(stalest, staleness);
        }
    }

    /// <summary>What the model must be: minus the sum of what is to have been applied, each once. Null: projections were taken, which this does not work out.</summary>
    public double[]? Expected(List<RunEvent> events)
    {
        if (Strategy.Policy == AsyncPolicy.Immediate)
        {
            return Immediate(events);
        }

        // A version takes effect decoded, but for limits on shares and time; the residual says.
        return events.Any(e => e.Phase == Phase.Decode && e.Value > 1e-3) ? null : Decoded();
    }

    private double[] Decoded()
    {
        var sum = new double[Length];
        for (long round = 0; round < Rounds; round++)
        {
            for (var partition = 0; partition < Code.Table.Partitions; partition++)
            {
                for (var i = 0; i < Length; i++)
                {
                    sum[i] -= Source.Gradient(partition, round, i, 0);
                }
            }
        }

        return sum;
    }

    private double[] Immediate(List<RunEvent> events)
    {
        var (weights, layout) = (ImmediateWeights.Of(Code), Code.Table.Blocks == 1 ? BlockLayout.Whole : new ContiguousLayout(Code.Table.Blocks));
        var last = events.FindLastIndex(e => e.Phase == Phase.Round);
        var sum = new double[Length];
        foreach (var e in events.Take(last).Where(e => e.Phase == Phase.Share))
        {
            var work = Source.Open(e.Slot, Code.Table, layout);
            work.Begin(e.Round, new float[Length]);
            var share = new float[layout.Length(Code.Table.Rows[e.Row].Terms[0].Block, ModelShape.Flat(Length))];
            work.Write(e.Row, share);
            foreach (var (block, weight) in weights.Of(e.Row))
            {
                var part = new double[Length];
                layout.Scatter(block, ModelShape.Flat(Length), [.. share.Select(v => v * weight)], part.AsSpan());
                for (var i = 0; i < Length; i++)
                {
                    sum[i] -= part[i];
                }
            }
        }

        return sum;
    }

    /// <summary>Exponential computations, ten times as long for one slot in three seeds of four; links take a fixed time.</summary>
    private sealed class DrawnTimes(long seed) : ISimTiming
    {
        private Rng _rng = new((ulong)seed, Purpose.Test, 0, 1, 0);
        private readonly int _slow = (int)(seed % 4);

        public TimeSpan? Latency(in Message message) => TimeSpan.FromMilliseconds(0.5);

        public TimeSpan? Duration(int slot, Work work) =>
            TimeSpan.FromMilliseconds(-10 * Math.Log(1 - _rng.NextDouble()) * (slot == _slow ? 10 : 1));
    }
}

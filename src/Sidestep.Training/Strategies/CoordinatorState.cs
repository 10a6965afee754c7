namespace Sidestep.Training;

/// <summary>The coordinator's state: parameters, optimizer, hash, and what streams of shares last had an effect.</summary>
internal sealed class CoordinatorState : IRunState
{
    private readonly RunPlan _plan;
    private readonly float[] _model;

    public CoordinatorState(RunPlan plan)
    {
        _plan = plan;
        _model = new float[plan.Shape.Length];
        Optimizer = plan.Optimizer.Create(_model.Length);
        LastUsed = new long[plan.Code.Table.Rows.Length];
        Array.Fill(LastUsed, -1);
        Streams = new RowStreams(plan.Code.Table);
        Directory = new StreamDirectory(plan.Code.Table, Streams);
        Watched = new WatchState(plan.Watch, plan.Plateau);
        if (plan.Initial.IsEmpty)
        {
            plan.Objective().Initialize(new Rng(plan.Seed, Purpose.Initialize, Slots.Coordinator, 0, 0), _model);
        }
        else
        {
            plan.Initial.Span.CopyTo(_model);
        }
    }

    public RunPlan Plan => _plan;

    public long Round { get; private set; }

    public RunStatus Status { get; private set; }

    public string Reason { get; private set; } = string.Empty;

    public ReadOnlyMemory<float> Model => _model;

    public float[] Parameters => _model;

    public string TrajectoryHash => Hash.Hex;

    public TrajectoryHash Hash { get; } = new();

    public IOptimizerSession Optimizer { get; }

    /// <summary>What evaluations have shown so far.</summary>
    public WatchState Watched { get; }

    public BestModel? Best => Watched.Best;

    /// <summary>Rounds done when this session last evaluated; −1: never.</summary>
    public long EvaluatedAt { get; set; } = -1;

    /// <summary>The last round in which each row's stream had an effect; −1: never.</summary>
    public long[] LastUsed { get; }

    public RowStreams Streams { get; }

    public StreamDirectory Directory { get; }

    /// <summary>Memory of streams gathered for the snapshot being written; valid before <see cref="Round"/>.</summary>
    public SortedDictionary<int, byte[]> Gathered { get; } = [];

    /// <summary>A round took effect.</summary>
    public void Commit()
    {
        Round++;
        if (Round % _plan.HashEvery == 0 || Round == _plan.Rounds)
        {
            Hash.Append(Round, _model, Optimizer);
        }
    }

    /// <summary>Goes back to an earlier round whose parameters these are (only where no result is promised to be exact).</summary>
    public void Rewind(long round) => Round = round;

    public void End(RunStatus status, string reason)
    {
        Status = status;
        Reason = reason;
    }

    /// <summary>Gives the optimizer the rate a plateau left.</summary>
    public void ScaleRate()
    {
        if (Optimizer is IRateScale scaled)
        {
            scaled.RateScale = Watched.RateScale;
        }
    }

    public void Save(IStateWriter writer)
    {
        writer.WriteOne("round", Round);
        writer.Write<byte>("shape", SafetensorsHeader.Write(_plan.Shape, []));
        writer.Write<float>("model", _model);
        writer.Write<long>("lastUsed", LastUsed);
        Optimizer.Save(writer.Within("optimizer"));
        Hash.Save(writer.Within("hash"));
        Watched.Save(writer.Within("watch"));
        writer.Write<int>("streams", Gathered.Keys.ToArray());
        foreach (var (stream, bytes) in Gathered)
        {
            writer.Write<byte>($"stream{stream}", bytes);
        }
    }

    public void Load(IStateReader reader)
    {
        Round = reader.ReadOne<long>("round");
        reader.Read<float>("model", _model);
        reader.Read<long>("lastUsed", LastUsed);
        Optimizer.Load(reader.Within("optimizer"));
        Hash.Load(reader.Within("hash"));
        Watched.Load(reader.Within("watch"));
        ScaleRate();
        var streams = new int[Math.Max(0, reader.Count<int>("streams"))];
        reader.Read<int>("streams", streams);
        foreach (var stream in streams)
        {
            var bytes = new byte[Math.Max(0, reader.Count<byte>($"stream{stream}"))];
            reader.Read<byte>($"stream{stream}", bytes);
            Directory.Restored[stream] = bytes;
        }

        Directory.RestoredRound = Round;
        var reason = Watched.Ending();
        End(Round >= _plan.Rounds || reason is not null ? RunStatus.Finished : RunStatus.Running, reason ?? string.Empty);
    }
}

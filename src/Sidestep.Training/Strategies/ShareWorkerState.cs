namespace Sidestep.Training;

/// <summary>A worker's state: its computations and the sending ends of its rows' streams.</summary>
internal sealed class ShareWorkerState : IRunState
{
    public ShareWorkerState(RunPlan plan, int slot)
    {
        Plan = plan;
        Slot = slot;
        Work = plan.Source.Open(slot, plan.Code.Table, plan.Layout);
        Streams = new RowStreams(plan.Code.Table);
        Lengths = RowLengths.Of(plan);
        Writers = new IVectorWriter<float>?[plan.Code.Table.Rows.Length];
        var longest = 0;
        for (var row = 0; row < Writers.Length; row++)
        {
            if (plan.Code.Table.Rows[row].Worker == slot && plan.Uplink is { } uplink)
            {
                Writers[row] = plan.Code.Table.Rows[row].OnRequest ? null : uplink.CreateWriter(new StreamKey(plan.Seed, Streams[row]), Lengths[row]);
                longest = Math.Max(longest, Lengths[row]);
            }
        }

        Scratch = new float[longest];
        MostShareBytes = Lengths.Max(l => plan.Uplink?.MaxBytes(l) ?? l * sizeof(float));
    }

    public RunPlan Plan { get; }

    public int Slot { get; }

    public IShareWork<float> Work { get; }

    public RowStreams Streams { get; }

    public int[] Lengths { get; }

    /// <summary>Sending end of each own row; null: raw, or a row on request that was not asked for yet (such rows have no memory to keep).</summary>
    public IVectorWriter<float>?[] Writers { get; }

    /// <summary>The sending end of a row; null: raw.</summary>
    public IVectorWriter<float>? WriterOf(int row) =>
        Plan.Uplink is { } uplink ? Writers[row] ??= uplink.CreateWriter(new StreamKey(Plan.Seed, Streams[row]), Lengths[row]) : null;

    public float[] Scratch { get; }

    /// <summary>Most bytes a share of any row can have.</summary>
    public int MostShareBytes { get; }

    public long Round { get; set; } = -1;

    public RunStatus Status { get; set; }

    public string Reason => string.Empty;

    public ReadOnlyMemory<float> Model => default;

    public string TrajectoryHash => string.Empty;

    public void Save(IStateWriter writer)
    {
        writer.WriteOne("round", Round);
        Work.Save(writer.Within("work"));
        for (var row = 0; row < Writers.Length; row++)
        {
            Writers[row]?.Save(writer.Within($"row{row}"));
        }
    }

    public void Load(IStateReader reader)
    {
        Round = reader.ReadOne<long>("round");
        Work.Load(reader.Within("work"));
        for (var row = 0; row < Writers.Length; row++)
        {
            Writers[row]?.Load(reader.Within($"row{row}"));
        }
    }
}

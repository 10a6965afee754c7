using System.Buffers;

namespace Sidestep.Training;

/// <summary>A worker's state under <see cref="LocalDescent"/>: the committed, the local and the mixed parameters.</summary>
internal sealed class LocalWorkerState : IRunState
{
    private readonly byte[] _fresh;

    public LocalWorkerState(RunPlan plan, int slot)
    {
        Plan = plan;
        Slot = slot;
        Work = plan.Source.Open(slot, plan.Code.Table, plan.Layout);
        Committed = new float[plan.Shape.Length];
        Local = new float[plan.Shape.Length];
        Mixed = new float[plan.Shape.Length];
        Gradient = new float[plan.Shape.Length];
        Optimizer = plan.Optimizer.Create(plan.Shape.Length);
        var writer = new ArrayBufferWriter<byte>();
        StateBytes.Write(Optimizer, writer);
        _fresh = writer.WrittenSpan.ToArray();
    }

    public RunPlan Plan { get; }

    public int Slot { get; }

    public IShareWork<float> Work { get; }

    public IOptimizerSession Optimizer { get; }

    /// <summary>Parameters before <see cref="Round"/>.</summary>
    public float[] Committed { get; }

    /// <summary>After the local steps, before the mix.</summary>
    public float[] Local { get; }

    /// <summary>What the mixer works on.</summary>
    public float[] Mixed { get; }

    public float[] Gradient { get; }

    /// <summary>The round whose start <see cref="Committed"/> is; −1: not known yet.</summary>
    public long Round { get; set; } = -1;

    public RunStatus Status => RunStatus.Running;

    public string Reason => string.Empty;

    public ReadOnlyMemory<float> Model => Committed;

    public string TrajectoryHash => string.Empty;

    /// <summary>Inner optimizers start every round without memory.</summary>
    public void ForgetOptimizer() => StateBytes.Read(_fresh, Optimizer);

    public void Save(IStateWriter writer)
    {
        writer.WriteOne("round", Round);
        writer.Write<float>("model", Committed);
    }

    public void Load(IStateReader reader)
    {
        Round = reader.ReadOne<long>("round");
        reader.Read<float>("model", Committed);
    }
}

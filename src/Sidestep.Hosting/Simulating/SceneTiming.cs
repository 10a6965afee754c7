using Sidestep.Simulation;

namespace Sidestep.Hosting;

/// <summary>The times of a scene's workers for the simulator.</summary>
/// <remarks>The coordinator's own time is spent when its models leave: a round is as long as if it were spent at the end.</remarks>
internal sealed class SceneTiming : ISimTiming
{
    // Streams of draws beside those of rehearsed weather and links.
    private const long ComputeIndex = 0x10000, StartIndex = 0x10001, UploadIndex = 0x10002, CoordinatorIndex = 0x10003;

    private readonly SchemeScene _scene;
    private readonly double _unit;
    private readonly double _modelBytes;
    private readonly Memory[] _compute, _start, _upload;
    private Memory _coordinator = new();

    /// <param name="scene">The scene.</param>
    /// <param name="partitions">Partitions of the code.</param>
    /// <param name="modelBytes">Bytes of the model that is simulated.</param>
    public SceneTiming(SchemeScene scene, int partitions, int modelBytes)
    {
        _scene = scene;
        _unit = (scene.Partitions == 0 ? 1.0 : (double)scene.Partitions / partitions) / Work.PerPartition;
        _modelBytes = modelBytes;
        var slots = scene.Workers.Count;
        (_compute, _start, _upload) = (new Memory[slots], new Memory[slots], new Memory[slots]);
        foreach (var memory in (Memory[][])[_compute, _start, _upload])
        {
            Array.Fill(memory, new Memory());
        }
    }

    public TimeSpan? Duration(int slot, Work work)
    {
        if (slot < 0)
        {
            return null;
        }

        var worker = _scene.Workers[slot];
        var drawn = Draw(ref _compute[slot], worker.Compute, slot, work.Round, ComputeIndex);
        var growing = worker.Proportional?.Ticks ?? drawn;
        return TimeSpan.FromTicks((long)((growing * _unit * work.Cost) + Math.Max(0, drawn - growing)));
    }

    public TimeSpan? Latency(in Message message) => message.Topic switch
    {
        Topic.Model => TimeSpan.FromTicks(Start(message) + Draw(ref _coordinator, _scene.Coordinator, Slots.Coordinator, message.Round, CoordinatorIndex)),
        Topic.Ask or Topic.Withdraw => TimeSpan.FromTicks(Start(message)),
        Topic.Share or Topic.Done => TimeSpan.FromTicks(Upload(message)),
        _ => null,
    };

    private long Start(in Message message) =>
        Draw(ref _start[message.To], _scene.Workers[message.To].Start, message.To, message.Round, StartIndex);

    private long Upload(in Message message)
    {
        var worker = _scene.Workers[message.From];
        var whole = Draw(ref _upload[message.From], worker.Upload, message.From, message.Round, UploadIndex);
        var missing = 1 - ((message.Payload?.Length ?? 0) / _modelBytes);
        return Math.Max(0, whole - (long)(missing * worker.UploadSize.Ticks));
    }

    private long Draw(ref Memory memory, LatencyModel law, int slot, long round, long index)
    {
        if (memory.Round != round)
        {
            memory = new Memory(round, law.Draw(_scene.Seed, slot, round, index).Ticks);
        }

        return memory.Ticks;
    }

    private readonly record struct Memory(long Round, long Ticks)
    {
        public Memory()
            : this(long.MinValue, 0)
        {
        }
    }
}

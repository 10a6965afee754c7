using System.Buffers.Binary;
using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;

namespace Sidestep.Training;

/// <summary>A warm child program: what can be asked of it. One thread at a time; after a fault or a cancellation it is gone.</summary>
/// <remarks>Parameters are handed over only when they differ from those it has. Nothing is allocated for a gradient once warm.</remarks>
internal sealed class ExecChild : IDisposable
{
    private const int Page = 4096;
    private const long LeastBatchBytes = 64 << 10;

    private readonly ExecPipe _pipe;
    private readonly bool _shares;
    private ExecHello? _hello;
    private ExecMemory? _memory;
    private long _gradientAt;
    private long _batchAt;
    private ulong _stamp;
    private bool _holds;

    /// <summary>Starts it; it may need time until it answers.</summary>
    public ExecChild(ExecCommand command)
    {
        _pipe = new ExecPipe(command);
        _shares = command.SharesMemory;
    }

    /// <summary>Its process id.</summary>
    public int ProcessId => _pipe.ProcessId;

    /// <summary>Whether it cannot be asked any more.</summary>
    public bool IsGone => _pipe.IsDead;

    /// <summary>Number of parameters.</summary>
    public int Length => _hello!.Shape.Length;

    /// <summary>Tells the shape of the data and learns that of the model.</summary>
    public ExecHello Hello(int features, int classes)
    {
        Span<byte> body = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(body, features);
        BinaryPrimitives.WriteInt32LittleEndian(body[4..], classes);
        var answer = Ask(ExecKind.Hello, body, default, default, default);
        (_hello, var problem) = ExecHello.Read(answer);
        _pipe.Done();
        return _hello ?? throw Fault($"described its model wrongly ({problem})");
    }

    /// <summary>Writes the start point: the program's own, or zero if it has none.</summary>
    public void Initialize(ulong seed, Span<float> model)
    {
        if (!_hello!.Initializes)
        {
            model.Clear();
            return;
        }

        Reserve(0);
        Span<byte> body = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(body, seed);
        var answer = Ask(ExecKind.Initialize, body, default, default, default);
        RequireLength(answer, 8, "initial values");
        TakeVector();
        _pipe.Done();
        Vector.CopyTo(model);
    }

    /// <summary>Adds the summed gradient; returns the summed loss.</summary>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        var answer = AskAbout(ExecKind.Gradient, batch, model, stop);
        RequireLength(answer, 16, "gradient values");
        var loss = BinaryPrimitives.ReadDoubleLittleEndian(answer);
        TakeVector();
        _pipe.Done();
        TensorPrimitives.Add(sum, Vector, sum);
        return loss;
    }

    /// <summary>Adds measures; does nothing if the program has none.</summary>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        if (!_hello!.Evaluates)
        {
            return;
        }

        var answer = AskAbout(ExecKind.Evaluate, batch, model, default);
        var (measures, problem) = ExecMeasures.Read(answer);
        _pipe.Done();
        foreach (var (name, value, count) in measures ?? throw Fault($"answered measures that cannot be read ({problem})"))
        {
            metrics.Add(name, value, count);
        }
    }

    /// <summary>Asks it to end, without waiting.</summary>
    public void Close() => _pipe.Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        _pipe.Dispose();
        _memory?.Dispose();
    }

    private Span<float> Vector => _memory!.Span<float>(_gradientAt, Length);

    private ReadOnlySpan<byte> AskAbout(ExecKind kind, in Batch batch, ReadOnlySpan<float> model, CancellationToken stop)
    {
        Reserve(BatchSections.Of(batch, 0).End);
        var sections = BatchSections.Of(batch, _batchAt);
        sections.Copy(batch, _memory!);
        var parameters = _memory!.Span<float>(0, Length);
        var isNew = !_holds || !MemoryMarshal.AsBytes(parameters).SequenceEqual(MemoryMarshal.AsBytes(model));
        if (isNew)
        {
            model.CopyTo(parameters);
            _stamp++;
            _holds = true;
        }

        Span<byte> body = stackalloc byte[BatchSections.BodyBytes];
        sections.Write(batch, _stamp, body);
        _pipe.Subject = batch.Numbers.IsEmpty ? (-1, -1) : (batch.Round, batch.Partition);
        return _memory.IsShared
            ? Ask(kind, body, default, default, stop)
            : Ask(kind, body, _memory.Span<byte>(_batchAt, checked((int)(sections.End - _batchAt))), isNew ? MemoryMarshal.AsBytes(parameters) : default, stop);
    }

    private ReadOnlySpan<byte> Ask(ExecKind kind, scoped ReadOnlySpan<byte> body, scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(IsGone, this);
        _pipe.Send(kind, body, first, second, stop);
        return _pipe.Receive(out var answer)
            ? answer
            : throw Fault($"failed ({Encoding.UTF8.GetString(answer).ReplaceLineEndings(" ").Trim()})");
    }

    // The last eight bytes of such an answer say how many values the program has written.
    private void RequireLength(ReadOnlySpan<byte> answer, int bytes, string what)
    {
        var written = answer.Length == bytes ? BinaryPrimitives.ReadInt64LittleEndian(answer[^8..]) : -1;
        if (written != Length)
        {
            throw Fault(written < 0
                ? string.Create(CultureInfo.InvariantCulture, $"answered {answer.Length} bytes instead of {bytes}")
                : string.Create(CultureInfo.InvariantCulture, $"answered {written} {what}; the model it described has {Length} parameters"));
        }
    }

    private void TakeVector() => _pipe.ReadBulk(_memory!.IsShared ? default : MemoryMarshal.AsBytes(Vector));

    /// <summary>Ends it and says why.</summary>
    public ObjectiveFaultException Fault(string what) => _pipe.Fault(what);

    private void Reserve(long batchBytes)
    {
        if (_memory is not null && _memory.Length - _batchAt >= batchBytes)
        {
            return;
        }

        var vector = (((long)Length * sizeof(float)) + Page - 1) / Page * Page;
        (_gradientAt, _batchAt) = (vector, 2 * vector);
        var room = Math.Max(LeastBatchBytes, batchBytes + (batchBytes / 4));
        _memory?.Dispose();
        _holds = false;
        _memory = ExecMemory.Create(_batchAt + room, _shares);
        bool isMapped;
        try
        {
            isMapped = Offer(_memory);
        }
        finally
        {
            _memory.Unlink();
        }

        if (!isMapped)
        {
            _memory.Dispose();
            _memory = ExecMemory.Create(_batchAt + room, shared: false);
            Offer(_memory);
        }
    }

    // False: the program cannot map the file.
    private bool Offer(ExecMemory memory)
    {
        var path = Encoding.UTF8.GetBytes(memory.Path);
        var body = new byte[34 + path.Length];
        BinaryPrimitives.WriteInt64LittleEndian(body, memory.Length);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), 0);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(16), _gradientAt);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(24), _batchAt);
        BinaryPrimitives.WriteUInt16LittleEndian(body.AsSpan(32), (ushort)path.Length);
        path.CopyTo(body, 34);
        _pipe.Send(ExecKind.Memory, body, default, default, default);
        var done = _pipe.Receive(out var reason);
        _pipe.Done();
        return done || (memory.IsShared ? false : throw Fault($"cannot work without shared memory ({Encoding.UTF8.GetString(reason)})"));
    }
}

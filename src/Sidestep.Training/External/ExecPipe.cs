using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>A running program and the frames to and from it. One thread at a time; a request is answered, or the program is ended and a fault thrown.</summary>
/// <remarks>Nothing is allocated for a request once warm. A program that does not answer in time, or whose request is cancelled, is killed by its id, with
/// the programs it has started: then the pipe is closed, and whoever waits goes on.</remarks>
internal sealed class ExecPipe : IDisposable
{
    private const int MostPiece = 1 << 30;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly ExecCommand _command;
    private readonly Process _process;
    private readonly Stream _requests;
    private readonly Stream _answers;
    private readonly ErrorTail _errors;
    private readonly ITimer _watch;
    private readonly Lock _gate = new();
    private readonly byte[] _head = new byte[ExecFrame.Bytes];
    private byte[] _body = new byte[256];
    private CancellationTokenRegistration _registration;
    private CancellationToken _stop;
    private ExecKind _kind;
    private uint _sequence;
    private long _bulk;
    private bool _waits;
    private bool _late;
    private bool _dead;

    /// <summary>Starts the program.</summary>
    public ExecPipe(ExecCommand command)
    {
        _command = command;
        _process = command.Start();
        _requests = _process.StandardInput.BaseStream;
        _answers = _process.StandardOutput.BaseStream;
        _errors = new ErrorTail(_process.StandardError.BaseStream, $"sidestep exec {_process.Id} errors");
        _watch = TimeProvider.System.CreateTimer(static pipe => ((ExecPipe)pipe!).TimeIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Whether it was ended.</summary>
    public bool IsDead => Volatile.Read(ref _dead);

    /// <summary>What the request is about, for messages: round and partition, or −1.</summary>
    public (long Round, int Partition) Subject { get; set; } = (-1, -1);

    /// <summary>Sends a request; bulk data go along in two parts.</summary>
    public void Send(
        ExecKind kind, scoped ReadOnlySpan<byte> body, scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second, CancellationToken stop)
    {
        (_kind, _stop) = (kind, stop);
        _sequence++;
        lock (_gate)
        {
            _waits = true;
        }

        _watch.Change(_command.Timeout, Timeout.InfiniteTimeSpan);
        _registration = stop.UnsafeRegister(static pipe => ((ExecPipe)pipe!).Kill(), this);
        Span<byte> frame = stackalloc byte[ExecFrame.Bytes + body.Length];
        new ExecFrame(kind, _sequence, body.Length, (long)first.Length + second.Length).Write(frame);
        body.CopyTo(frame[ExecFrame.Bytes..]);
        try
        {
            _requests.Write(frame);
            Write(first);
            Write(second);
            _requests.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }
    }

    /// <summary>Waits for the answer.</summary>
    /// <param name="body">Its body; valid until the next call.</param>
    /// <returns>False: the program says that it cannot; the body is its reason.</returns>
    public bool Receive(out ReadOnlySpan<byte> body)
    {
        for (var read = 0; read < ExecFrame.Bytes;)
        {
            read += Read(_head.AsSpan(read));
            var known = Math.Min(read, ExecFrame.Magic.Length);
            if (!_head.AsSpan(0, known).SequenceEqual(ExecFrame.Magic[..known]))
            {
                throw WrongStream(_head.AsSpan(0, read));
            }
        }

        var (frame, version) = ExecFrame.Read(_head);
        if (version != ExecFrame.Version)
        {
            throw Fault(Text($"speaks version {version} of the protocol, not {ExecFrame.Version}"));
        }

        if (frame.Sequence != _sequence || frame.Body is < 0 or > ExecFrame.MostBody || frame.Bulk < 0
            || (frame.Bulk > 0 && (frame.Kind == ExecKind.Failed || _kind is not (ExecKind.Initialize or ExecKind.Gradient)))
            || (frame.Kind != ExecKind.Failed && (ushort)frame.Kind != ((ushort)_kind | ExecFrame.Answer)))
        {
            throw Fault(Text($"answered with a frame of kind {(ushort)frame.Kind}, number {frame.Sequence}, {frame.Body} bytes; expected was kind {(ushort)_kind | ExecFrame.Answer}, number {_sequence}"));
        }

        if (_body.Length < frame.Body)
        {
            _body = new byte[frame.Body];
        }

        ReadAll(_body.AsSpan(0, frame.Body));
        _bulk = frame.Bulk;
        body = _body.AsSpan(0, frame.Body);
        return frame.Kind != ExecKind.Failed;
    }

    /// <summary>Reads the answer's bulk data; a fault if it has another length.</summary>
    public void ReadBulk(Span<byte> bulk)
    {
        if (_bulk != bulk.Length)
        {
            throw Fault(Text($"sent {_bulk} bytes of bulk data instead of {bulk.Length}"));
        }

        ReadAll(bulk);
    }

    /// <summary>Ends a request: the clock is stopped.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the program has been ended.</exception>
    public void Done()
    {
        StopWatch();
        if (_stop.IsCancellationRequested)
        {
            Kill();
            throw new OperationCanceledException(_stop);
        }
    }

    /// <summary>Ends the program and says why, with its last words.</summary>
    public ObjectiveFaultException Fault(string what)
    {
        StopWatch();
        Kill();
        var words = _errors.Lines(LastWords);
        return new ObjectiveFaultException(
            $"exec '{_command}' {what} while it {Doing()}" + (words.Length > 0 ? $"; its last words:{Environment.NewLine}{words}" : string.Empty));
    }

    /// <summary>Asks the program to end.</summary>
    public void Close()
    {
        try
        {
            _sequence++;
            new ExecFrame(ExecKind.Stop, _sequence, 0, 0).Write(_head);
            _requests.Write(_head);
            _requests.Flush();
            _requests.Dispose();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    /// <summary>Ends the program, by force if it takes too long.</summary>
    public void Dispose()
    {
        StopWatch();
        _watch.Dispose();
        if (!IsDead)
        {
            Close();
            _process.WaitForExit(LastWords);
        }

        Kill();
        _process.Dispose();
    }

    private string Doing()
    {
        var doing = _kind switch
        {
            ExecKind.Hello => "was starting",
            ExecKind.Memory => "mapped memory",
            ExecKind.Initialize => "made the start point",
            ExecKind.Gradient => "computed a gradient",
            _ => "evaluated",
        };
        return _kind == ExecKind.Gradient && Subject.Round >= 0 ? Text($"{doing} (round {Subject.Round}, partition {Subject.Partition})") : doing;
    }

    private void Write(ReadOnlySpan<byte> bulk)
    {
        for (; bulk.Length > 0; bulk = bulk[Math.Min(MostPiece, bulk.Length)..])
        {
            _requests.Write(bulk[..Math.Min(MostPiece, bulk.Length)]);
        }
    }

    private void ReadAll(Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Read(bytes[..Math.Min(MostPiece, bytes.Length)])..];
        }
    }

    private int Read(Span<byte> bytes)
    {
        try
        {
            if (_answers.Read(bytes) is > 0 and var count)
            {
                return count;
            }
        }
        catch (IOException)
        {
            // As good as the end.
        }

        throw Ended();
    }

    // The pipe is at its end: by whose doing?
    private Exception Ended()
    {
        if (_stop.IsCancellationRequested)
        {
            StopWatch();
            Kill();
            return new OperationCanceledException(_stop);
        }

        if (Volatile.Read(ref _late))
        {
            return Fault(Text($"did not answer within {_command.Timeout.TotalSeconds:0.###} s (objective.timeout) and was ended"));
        }

        if (!_process.WaitForExit(LastWords))
        {
            return Fault("closed its streams");
        }

        var code = _process.ExitCode;
        return Fault(Text($"ended with exit code {code}{(code > 128 ? Text($" (signal {code - 128})") : string.Empty)}"));
    }

    private ObjectiveFaultException WrongStream(ReadOnlySpan<byte> read)
    {
        StopWatch();
        Kill();
        var all = new byte[200];
        read.CopyTo(all);
        var length = read.Length;
        try
        {
            while (length < all.Length && _answers.Read(all.AsSpan(length)) is > 0 and var count)
            {
                length += count;
            }
        }
        catch (IOException)
        {
            // What was read must do.
        }

        var text = string.Concat(Encoding.UTF8.GetString(all, 0, length).Select(c => c == '\n' ? "\\n" : char.IsControl(c) ? "?" : c.ToString()));
        return Fault($"wrote to the wrong stream: standard output carries the protocol, messages go to standard error; it wrote '{text}'");
    }

    private void TimeIsOver()
    {
        lock (_gate)
        {
            if (!_waits)
            {
                return;
            }

            _late = true;
        }

        Kill();
    }

    private void StopWatch()
    {
        lock (_gate)
        {
            _waits = false;
        }

        _watch.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration.Unregister();
        _registration = default;
    }

    private void Kill()
    {
        Volatile.Write(ref _dead, true);
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception or AggregateException)
        {
            // It has exited in the meantime.
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

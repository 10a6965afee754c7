using System.Threading.Tasks.Sources;

namespace Sidestep;

/// <summary>One waiting receive; pooled by its mailbox.</summary>
internal sealed class ReceiveWait(Mailbox owner) : IValueTaskSource<MessageLease?>
{
    private InlineCompletion _completion;
    private CancellationTokenRegistration _registration;
    private MessageLease? _result;

    /// <summary>What it waits for.</summary>
    public Wanted Wanted { get; private set; }

    /// <summary>Timestamp at which it gives up; <see cref="long.MaxValue"/>: never.</summary>
    public long Deadline { get; private set; }

    /// <summary>Cancels it.</summary>
    public CancellationToken Stop { get; private set; }

    /// <summary>Starts a use.</summary>
    public ValueTask<MessageLease?> Start(Wanted wanted, long deadline, CancellationToken stop, Action<object?> cancelled)
    {
        (Wanted, Deadline, Stop, _result) = (wanted, deadline, stop, null);
        if (stop.CanBeCanceled)
        {
            _registration = stop.UnsafeRegister(cancelled, owner);
        }

        return new ValueTask<MessageLease?>(this, _completion.Version);
    }

    /// <summary>Ends the wait; runs the program's continuation.</summary>
    public void Complete(MessageLease? result, Exception? error)
    {
        // Not Dispose: that waits for a running call-back, which does no more than wake the owner.
        _registration.Unregister();
        _registration = default;
        _result = result;
        _completion.Complete(error);
    }

    MessageLease? IValueTaskSource<MessageLease?>.GetResult(short token)
    {
        var result = _result;
        try
        {
            _completion.End(token);
        }
        finally
        {
            _result = null;
            Stop = default;
            owner.GiveBack(this);
        }

        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<MessageLease?>.GetStatus(short token) => _completion.Status(token);

    void IValueTaskSource<MessageLease?>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token);
}

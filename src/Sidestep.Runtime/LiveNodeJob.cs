using System.Threading.Tasks.Sources;

namespace Sidestep.Runtime;

/// <summary>One computation on its way over the lane and back; pooled by its node.</summary>
internal abstract class LiveNodeJob : IValueTaskSource
{
    private InlineCompletion _completion;

    /// <summary>What it is and costs.</summary>
    public Work Work { get; private set; }

    /// <summary>Handed to the work.</summary>
    public CancellationToken Stop { get; private set; }

    /// <summary>What the work threw, or its cancellation; set by the lane.</summary>
    public Exception? Error { get; set; }

    /// <summary>Timestamps: the lane took it, the weather was over, the computation was over; 0: not reached.</summary>
    public (long Taken, long Begun, long Ended) Stamps { get; set; }

    /// <summary>Does the work, on the lane.</summary>
    public abstract void Invoke();

    /// <summary>Completes it, on the pump.</summary>
    public void Complete() => _completion.Complete(Error);

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _completion.End(token);
        }
        finally
        {
            Error = null;
            Recycle();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _completion.Status(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token);

    /// <summary>Starts a use.</summary>
    protected ValueTask Begin(Work work, CancellationToken stop)
    {
        (Work, Stop, Error, Stamps) = (work, stop, null, default);
        return new ValueTask(this, _completion.Version);
    }

    /// <summary>Forgets the work and goes back to the pool.</summary>
    protected abstract void Recycle();
}

/// <summary>A job with typed state.</summary>
internal sealed class LiveNodeJob<TState>(List<LiveNodeJob> spare) : LiveNodeJob
{
    private TState _state = default!;
    private Action<TState, CancellationToken>? _action;

    /// <summary>Takes a job from the pool, or makes one.</summary>
    public static LiveNodeJob<TState> Rent(List<LiveNodeJob> spare)
    {
        for (var i = spare.Count - 1; i >= 0; i--)
        {
            if (spare[i] is LiveNodeJob<TState> job)
            {
                spare.RemoveAt(i);
                return job;
            }
        }

        return new LiveNodeJob<TState>(spare);
    }

    /// <summary>Starts a use.</summary>
    public ValueTask Begin(Work work, TState state, Action<TState, CancellationToken> action, CancellationToken stop)
    {
        (_state, _action) = (state, action);
        return Begin(work, stop);
    }

    /// <inheritdoc/>
    public override void Invoke() => _action!(_state, Stop);

    /// <inheritdoc/>
    protected override void Recycle()
    {
        (_state, _action) = (default!, null);
        spare.Add(this);
    }
}

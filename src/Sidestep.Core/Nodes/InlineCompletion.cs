using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Sidestep;

/// <summary>The core of a reusable value-task source whose continuation runs inline in <see cref="Complete"/>.</summary>
/// <remarks>Waiting and completing happen on one node's pump, so there is nothing to synchronize and no context to go back to;
/// the framework's core would post to the captured context, which allocates. A mutable struct: keep it in a field that is not readonly.</remarks>
public struct InlineCompletion
{
    private Action<object?>? _continuation;
    private object? _state;
    private Exception? _error;
    private bool _completed;

    /// <summary>The token of the present use.</summary>
    public short Version { get; private set; }

    /// <summary>How the present use stands.</summary>
    /// <param name="token">The <see cref="Version"/> the awaiter got.</param>
    public readonly ValueTaskSourceStatus Status(short token)
    {
        Check(token);
        return !_completed ? ValueTaskSourceStatus.Pending
            : _error is null ? ValueTaskSourceStatus.Succeeded
            : _error is OperationCanceledException ? ValueTaskSourceStatus.Canceled
            : ValueTaskSourceStatus.Faulted;
    }

    /// <summary>Registers the one continuation.</summary>
    /// <param name="continuation">What to run.</param>
    /// <param name="state">Its argument.</param>
    /// <param name="token">The <see cref="Version"/> the awaiter got.</param>
    public void OnCompleted(Action<object?> continuation, object? state, short token)
    {
        Check(token);
        if (_completed)
        {
            continuation(state);
            return;
        }

        if (_continuation is not null)
        {
            throw new InvalidOperationException("a value task of a node is awaited once");
        }

        (_continuation, _state) = (continuation, state);
    }

    /// <summary>Completes and runs the continuation. The source may be in its next use when this returns: touch nothing of it afterwards.</summary>
    /// <param name="error">Null: done.</param>
    public void Complete(Exception? error)
    {
        (_error, _completed) = (error, true);
        var (continuation, state) = (_continuation, _state);
        continuation?.Invoke(state);
    }

    /// <summary>Ends the present use: throws its error, or returns.</summary>
    /// <param name="token">The <see cref="Version"/> the awaiter got.</param>
    public void End(short token)
    {
        Check(token);
        if (!_completed)
        {
            throw new InvalidOperationException("a value task of a node cannot be waited for by blocking: await it");
        }

        var error = _error;
        Version++;
        (_continuation, _state, _error, _completed) = (null, null, null, false);
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    private readonly void Check(short token)
    {
        if (token != Version)
        {
            throw new InvalidOperationException("a value task of a node was used after it was awaited");
        }
    }
}

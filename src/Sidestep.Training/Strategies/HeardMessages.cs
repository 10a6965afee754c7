using System.Threading.Tasks.Sources;

namespace Sidestep.Training;

/// <summary>Messages a node has heard while its program was busy, oldest first; the program waits here for the next. Single owner: everything happens on the node's pump.</summary>
/// <remarks>Of several <see cref="Topic.Model"/> messages only the newest is held, as in a mailbox. Allocates nothing once warm.</remarks>
internal sealed class HeardMessages : IValueTaskSource
{
    private readonly List<MessageLease> _held = new(16);
    private InlineCompletion _news;
    private bool _isAwaited;
    private bool _isClosed;
    private Exception? _end;

    /// <summary>Takes the oldest message.</summary>
    public bool TryTake(out MessageLease lease)
    {
        if (_held.Count == 0)
        {
            lease = default;
            return false;
        }

        lease = _held[0];
        _held.RemoveAt(0);
        return true;
    }

    /// <summary>Whether a message of a topic, and of a row if one is given, is held.</summary>
    public bool Holds(Topic topic, int row = -1, double value = 0)
    {
        foreach (var lease in _held)
        {
            if (lease.Message.Topic == topic && (row < 0 || (lease.Message.Row == row && lease.Message.Value == value)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds a message and continues the program if it waits.</summary>
    public void Add(MessageLease lease)
    {
        if (_isClosed)
        {
            lease.Dispose();
            return;
        }

        for (var i = 0; lease.Message.Topic == Topic.Model && i < _held.Count; i++)
        {
            if (_held[i].Message.Topic == Topic.Model)
            {
                _held[i].Dispose();
                _held.RemoveAt(i);
                break;
            }
        }

        _held.Add(lease);
        Wake();
    }

    /// <summary>No more will come: a waiting program ends with the error.</summary>
    public void End(Exception error)
    {
        _end = error;
        Wake();
    }

    /// <summary>Waits until there is a message.</summary>
    /// <exception cref="OperationCanceledException">The session is over.</exception>
    public ValueTask WaitAsync()
    {
        if (_held.Count > 0)
        {
            return default;
        }

        if (_end is not null)
        {
            return ValueTask.FromException(_end);
        }

        _isAwaited = true;
        return new ValueTask(this, _news.Version);
    }

    /// <summary>Gives everything back, now and later.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (var lease in _held)
        {
            lease.Dispose();
        }

        _held.Clear();
    }

    void IValueTaskSource.GetResult(short token) => _news.End(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _news.Status(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _news.OnCompleted(continuation, state, token);

    private void Wake()
    {
        if (_isAwaited)
        {
            _isAwaited = false;
            _news.Complete(_held.Count > 0 ? null : _end);
        }
    }
}

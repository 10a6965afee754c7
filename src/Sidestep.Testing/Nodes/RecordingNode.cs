namespace Sidestep.Testing;

/// <summary>What a recording saw a node do.</summary>
public enum Deed
{
    /// <summary>It sent a message.</summary>
    Sent,

    /// <summary>It took a message.</summary>
    Received,

    /// <summary>It finished a computation.</summary>
    Computed,

    /// <summary>It reported an event.</summary>
    Reported,
}

/// <summary>One line of a recording. Payloads are not kept.</summary>
/// <param name="Time">The node's timestamp.</param>
/// <param name="Deed">What it did.</param>
/// <param name="Message">Sent and received: the message, without its payload.</param>
/// <param name="Bytes">Sent and received: the payload's length.</param>
/// <param name="Work">Computed: what.</param>
/// <param name="Event">Reported: the event.</param>
public readonly record struct Recorded(long Time, Deed Deed, Message Message, int Bytes, Work Work, RunEvent Event);

/// <summary>Writes down what a program does with its node, in order.</summary>
/// <remarks><code>var log = new List&lt;Recorded&gt;();
/// await fabric.RunAsync(options, (node, stop) => program(new RecordingNode(node, log), stop), worker, stop);</code></remarks>
/// <param name="inner">The node.</param>
/// <param name="log">Receives the lines, on the node's pump.</param>
public sealed class RecordingNode(INode inner, ICollection<Recorded> log) : DecoratedNode(inner)
{
    /// <inheritdoc/>
    public override ValueTask SendAsync(in Message message, CancellationToken stop = default)
    {
        Add(Deed.Sent, message with { From = Id });
        return Inner.SendAsync(message, stop);
    }

    /// <inheritdoc/>
    public override async ValueTask<MessageLease?> ReceiveAsync(Match match, TimeSpan timeout, CancellationToken stop = default)
    {
        var got = await Inner.ReceiveAsync(match, timeout, stop);
        if (got is { } lease)
        {
            Add(Deed.Received, lease.Message);
        }

        return got;
    }

    /// <inheritdoc/>
    public override async ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default)
    {
        await Inner.ComputeAsync(cost, state, work, stop);
        log.Add(new Recorded(Time.GetTimestamp(), Deed.Computed, default, 0, cost, default));
    }

    /// <inheritdoc/>
    public override void Report(in RunEvent happened)
    {
        log.Add(new Recorded(Time.GetTimestamp(), Deed.Reported, default, 0, default, happened));
        Inner.Report(happened);
    }

    /// <inheritdoc/>
    protected override INode Around(INode view) => new RecordingNode(view, log);

    private void Add(Deed deed, in Message message) => log.Add(new Recorded(
        Time.GetTimestamp(), deed, message with { Payload = null }, message.Payload?.Length ?? 0, default, default));
}

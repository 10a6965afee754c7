namespace Sidestep.Testing;

/// <summary>Falsifies payloads on their way out: sends copies changed by a lie and leaves the program's own bytes alone.</summary>
/// <remarks>Its computations and what it receives are honest. Values, rows and fingerprints of messages stay as they are.
/// <code>worker = (node, stop) => program(node.Id == 2 ? new LiarNode(node, Topic.Share, LiarNode.FlipSigns) : node, stop);</code></remarks>
/// <param name="inner">The node.</param>
/// <param name="topics">Topics it lies about.</param>
/// <param name="lie">Changes a copy of the payload in place.</param>
public sealed class LiarNode(INode inner, Topic topics, LiarNode.Lie lie) : DecoratedNode(inner)
{
    /// <summary>A way to falsify a payload.</summary>
    /// <param name="message">The message the payload belongs to.</param>
    /// <param name="payload">The copy to change.</param>
    public delegate void Lie(in Message message, Span<byte> payload);

    /// <summary>Turns every little-endian float32 into its negative.</summary>
    public static Lie FlipSigns { get; } = static (in Message _, Span<byte> payload) =>
    {
        for (var i = 3; i < payload.Length; i += sizeof(float))
        {
            payload[i] ^= 0x80;
        }
    };

    /// <summary>Flips one bit in the middle.</summary>
    public static Lie FlipBit { get; } = static (in Message _, Span<byte> payload) =>
    {
        if (!payload.IsEmpty)
        {
            payload[payload.Length / 2] ^= 1;
        }
    };

    /// <summary>Sends zeros.</summary>
    public static Lie Zeros { get; } = static (in Message _, Span<byte> payload) => payload.Clear();

    /// <inheritdoc/>
    public override ValueTask SendAsync(in Message message, CancellationToken stop = default) =>
        (message.Topic & topics) != 0 && message.Payload is { } truth ? SendLieAsync(message, truth, stop) : Inner.SendAsync(message, stop);

    /// <inheritdoc/>
    protected override INode Around(INode view) => new LiarNode(view, topics, lie);

    private async ValueTask SendLieAsync(Message message, PayloadLease truth, CancellationToken stop)
    {
        using var copy = Lease(truth.Length);
        truth.Span.CopyTo(copy.Span);
        lie(message, copy.Span);
        await Inner.SendAsync(message with { Payload = copy }, stop);
    }
}

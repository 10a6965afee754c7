namespace Sidestep.Training.Tests.Mixers;

/// <summary>Nodes that exchange messages in memory, without time: messages arrive at once, receivers go on in the queue's order.</summary>
internal sealed class TestNetwork
{
    private readonly Dictionary<int, TestNode> _nodes = [];

    public PayloadPool Pool { get; } = new();

    /// <summary>Sees every message that is sent; false: it gets lost.</summary>
    public Func<Message, bool> Passes { get; set; } = _ => true;

    public List<Message> Sent { get; } = [];

    public TestNode this[int id] => _nodes.TryGetValue(id, out var node) ? node : _nodes[id] = new TestNode(id, this);

    public void Send(Message message)
    {
        Sent.Add(message with { Payload = null, Fingerprint = (ulong)(message.Payload?.Length ?? 0) });
        if (Passes(message))
        {
            message.Payload?.Retain();
            this[message.To].Deliver(message);
        }
    }

    /// <summary>Gives back what was delivered and not taken.</summary>
    public void Drain()
    {
        foreach (var node in _nodes.Values)
        {
            node.Drain();
        }
    }
}

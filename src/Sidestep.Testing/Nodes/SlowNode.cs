namespace Sidestep.Testing;

/// <summary>Waits before every computation, on the node's clock; a straggler by decoration, where weather in the options is not wanted.</summary>
/// <param name="inner">The node.</param>
/// <param name="latency">The wait, drawn for every computation from (seed, test, slot, round, row).</param>
public sealed class SlowNode(INode inner, LatencyModel latency) : DecoratedNode(inner)
{
    /// <inheritdoc/>
    public override async ValueTask ComputeAsync<TState>(
        Work cost, TState state, Action<TState, CancellationToken> work, CancellationToken stop = default)
    {
        var rng = Rng(Purpose.Test, cost.Round, cost.Row);
        var delay = latency.Draw(ref rng);
        if (delay > TimeSpan.Zero)
        {
            using var nothing = await Inner.ReceiveAsync(new Match(Topic.None), delay, stop);
        }

        await Inner.ComputeAsync(cost, state, work, stop);
    }

    /// <inheritdoc/>
    protected override INode Around(INode view) => new SlowNode(view, latency);
}

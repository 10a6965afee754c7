namespace Sidestep;

/// <summary>One mix among a set of slots.</summary>
/// <param name="Number">The round.</param>
/// <param name="Attempt">Counts repeats of the round after a member was lost, from 0. Frames of other attempts are ignored.</param>
/// <param name="Members">Slots that take part, in ascending order.</param>
/// <param name="Loss">This node's loss, for mixers that look at it.</param>
/// <param name="Weight">This node's weight in the mean.</param>
public readonly record struct MixRound(
    long Number, int Attempt, ReadOnlyMemory<int> Members, double Loss = 0, double Weight = 1);

/// <summary>Who took part in a mix.</summary>
/// <param name="Members">How many.</param>
/// <param name="Completed">False: a member was lost or the attempt was given up; the vector is unspecified and must be restored by the caller.</param>
public readonly record struct MixOutcome(int Members, bool Completed);

/// <summary>My vector becomes a combination of everybody's (parameters, deltas, gradients, predictions). Immutable recipe.</summary>
public interface IMixer
{
    /// <summary>The name in the catalog.</summary>
    string Name { get; }

    /// <summary>Whether the coordinator takes part as a hub (its vector has weight 0).</summary>
    bool NeedsHub { get; }

    /// <summary>Bounds of a <see cref="Topic.Mix"/> payload.</summary>
    /// <param name="shape">Shape of the vector.</param>
    /// <param name="workers">Number of slots.</param>
    (int Least, int Most) MessageBytes(ModelShape shape, int workers);

    /// <summary>Opens a session on a node; buffers are allocated here.</summary>
    /// <param name="node">The node; the mixer uses only <see cref="Topic.Mix"/> messages on its channel.</param>
    /// <param name="shape">Shape of the vector.</param>
    IMixing Open(INode node, ModelShape shape);
}

/// <summary>A mixer's session on one node; single owner.</summary>
public interface IMixing : ISnapshot, IAsyncDisposable
{
    /// <summary>Replaces the vector by the mix.</summary>
    /// <param name="round">The round, attempt and members.</param>
    /// <param name="vector">In: mine. Out: the mix.</param>
    /// <param name="stop">Cancelled when the attempt is given up.</param>
    ValueTask<MixOutcome> MixAsync(MixRound round, Memory<float> vector, CancellationToken stop);
}

namespace Sidestep.Training;

/// <summary>Workers send their vectors to the coordinator; it sends the weighted mean back to all.</summary>
/// <remarks>
/// All members end with the same bits, which depend on the members, vectors and weights alone: the hub sums in double, in slot order.
/// Equal vectors stay exactly what they are. Bytes: every member sends and receives the vector once, the hub n of them each way; memory at the hub: one vector in double.
/// Messages: <see cref="Topic.Mix"/>, row = attempt, value = weight, raw float32.
/// <code>await using var mixing = new StarAllReduce().Open(node, shape);      // on the members and on the coordinator
/// var outcome = await mixing.MixAsync(new MixRound(round, 0, members, Weight: samples), vector, stop);</code>
/// </remarks>
public sealed record StarAllReduce : IMixer
{
    /// <inheritdoc/>
    public string Name => "star-all-reduce";

    /// <inheritdoc/>
    public bool NeedsHub => true;

    /// <inheritdoc/>
    public (int Least, int Most) MessageBytes(ModelShape shape, int workers)
    {
        var bytes = checked(shape.Length * sizeof(float));
        return (bytes, bytes);
    }

    /// <inheritdoc/>
    public IMixing Open(INode node, ModelShape shape) =>
        node.Id == Slots.Coordinator ? new StarHub(node, shape.Length) : new StarMember(node, shape.Length);
}

namespace Sidestep.Training;

/// <summary>Workers pass chunks around a ring: once to average them, once to hand the averages out. No hub.</summary>
/// <remarks>
/// Members form the ring in ascending order; the vector is cut into as many chunks as members. Each chunk's weighted mean is built along the ring in a fixed order
/// (<see cref="RunningMean"/>) and then copied, so all members end with the same bits, which depend on the members, vectors and weights alone.
/// Equal vectors stay exactly what they are. Bytes: 2(n − 1)/n vectors out and in per member, 2(n − 1) messages one after another.
/// Messages: <see cref="Topic.Mix"/>, row = attempt·2¹⁶ + step, value = weight so far, raw float32; empty chunks are not sent.
/// Source: Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", JPDC 69 (2009).
/// <code>await using var mixing = new RingAllReduce().Open(node, shape);
/// var outcome = await mixing.MixAsync(new MixRound(round, 0, members), vector, stop);</code>
/// </remarks>
public sealed record RingAllReduce : IMixer
{
    /// <inheritdoc/>
    public string Name => "ring-all-reduce";

    /// <inheritdoc/>
    public bool NeedsHub => false;

    /// <inheritdoc/>
    public (int Least, int Most) MessageBytes(ModelShape shape, int workers)
    {
        if (workers < 2)
        {
            return (0, 0);
        }

        var least = Math.Max(1, shape.Length / workers);
        var most = (shape.Length + 1) / 2;
        return checked((least * sizeof(float), most * sizeof(float)));
    }

    /// <inheritdoc/>
    public IMixing Open(INode node, ModelShape shape) => new RingMember(node, shape.Length);
}

namespace Sidestep.Training;

/// <summary>What a network's scores are held against: labels of samples, or targets that the samples hold themselves. Immutable recipe.</summary>
/// <remarks>The loss of a sample may depend on that sample alone, never on its batch mates: sums over partitions must add up.</remarks>
public abstract record NetworkLoss
{
    /// <summary>Values of a data row for an input: as many as the input has, unless rows hold targets behind it.</summary>
    /// <param name="input">The network's input.</param>
    public virtual int Features(MapShape input) => input.Length;

    /// <summary>Checks that the last layer gives what the loss takes.</summary>
    /// <param name="scores">The shape of the last layer's output.</param>
    /// <exception cref="ConfigurationException">It does not; says which shapes.</exception>
    public abstract void Check(MapShape scores);

    /// <summary>Opens the computations; one instance is used by one thread at a time.</summary>
    /// <param name="scores">The shape of the last layer's output.</param>
    public abstract LossPass Open(MapShape scores);
}

/// <summary>A loss's computations. Allocates only when more samples come than ever before.</summary>
public abstract class LossPass
{
    /// <summary>Turns scores into δ, the gradient of the summed loss in the scores.</summary>
    /// <param name="batch">The samples, for their labels or targets.</param>
    /// <param name="scores">samples × values of the scores; overwritten by δ.</param>
    /// <returns>The summed loss, in double, in sample order.</returns>
    /// <exception cref="DataException">A label or target is not valid.</exception>
    public abstract double Backward(in Batch batch, Span<float> scores);

    /// <summary>The summed loss; further measures, such as <c>accuracy</c>, are added to the metrics.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="scores">samples × values of the scores; destroyed.</param>
    /// <param name="metrics">Receives sums of further measures, not the loss.</param>
    /// <exception cref="DataException">A label or target is not valid.</exception>
    public abstract double Measure(in Batch batch, Span<float> scores, IMetrics metrics);
}

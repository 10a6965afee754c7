namespace Sidestep.Training;

/// <summary>x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))): the tanh form of x·Φ(x), which differs from the form with erf by less than 5e-4.</summary>
/// <remarks>Source: Hendrycks, Gimpel, "Gaussian error linear units", 2016. The tanh form has the same bits on every machine here.</remarks>
public sealed record Gelu : Layer
{
    /// <inheritdoc/>
    public override string Kind => "gelu";

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input;

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new GeluPass();
}

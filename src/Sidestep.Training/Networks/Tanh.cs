namespace Sidestep.Training;

/// <summary>The hyperbolic tangent.</summary>
public sealed record Tanh : Layer
{
    /// <inheritdoc/>
    public override string Kind => "tanh";

    /// <inheritdoc/>
    public override bool IsInPlace => true;

    /// <inheritdoc/>
    public override bool ReadsOutput => true;

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input;

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new ActivationPass(Activation.Tanh);
}

namespace Sidestep.Training;

/// <summary>max(0, x); its derivative at 0 is taken as 0.</summary>
public sealed record Relu : Layer
{
    /// <inheritdoc/>
    public override string Kind => "relu";

    /// <inheritdoc/>
    public override bool IsInPlace => true;

    /// <inheritdoc/>
    public override bool ReadsOutput => true;

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => input;

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new ActivationPass(Activation.Relu);
}

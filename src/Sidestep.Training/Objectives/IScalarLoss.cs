namespace Sidestep.Training;

/// <summary>A loss of one score z = xᵀw + b.</summary>
internal interface IScalarLoss
{
    /// <summary>The loss and its derivative by the score.</summary>
    /// <exception cref="DataException">The label is not one of this loss.</exception>
    static abstract (double Loss, double Slope) Of(double score, float label, int sample);
}

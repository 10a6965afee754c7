namespace Sidestep.Hosting;

/// <summary>How the gradient of one tensor compares with differences of the loss.</summary>
/// <param name="Name">The tensor.</param>
/// <param name="Length">Its elements.</param>
/// <param name="Directions">Directions that were probed, coordinates with them.</param>
/// <param name="Unclear">Directions along which the loss is too rough to tell.</param>
/// <param name="RelativeError">Largest |difference − gradient·direction| / max of both, over clear directions; null: none is clear.</param>
/// <param name="Worst">Which direction that was.</param>
/// <param name="Difference">The loss's slope there, by differences.</param>
/// <param name="Gradient">The slope there that the gradient states.</param>
/// <param name="Ok">Whether all clear directions agree, and enough are clear.</param>
public sealed record TensorCheck(
    string Name, int Length, int Directions, int Unclear, double? RelativeError, string Worst, double? Difference, double? Gradient, bool Ok);

/// <summary>One law an objective must keep beside its gradient.</summary>
/// <param name="Name">Which.</param>
/// <param name="Ok">Whether it is kept.</param>
/// <param name="Needed">Whether training is unsound without it; else a warning is enough.</param>
/// <param name="Found">What was measured.</param>
public sealed record LawCheck(string Name, bool Ok, bool Needed, string Found);

/// <summary>What <see cref="ObjectiveCheck"/> found.</summary>
/// <param name="Objective">The objective's kind.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Samples">Samples of the batch.</param>
/// <param name="Loss">Mean loss at the point that was checked; null: not finite.</param>
/// <param name="Deterministic">Whether equal calls gave equal bytes: only then are runs exact.</param>
/// <param name="RelativeError">Largest relative error over all tensors.</param>
/// <param name="Tensors">Each tensor.</param>
/// <param name="Laws">The other laws.</param>
/// <param name="Ok">Whether training with it is sound.</param>
public sealed record ObjectiveReport(
    string Objective,
    int Parameters,
    int Samples,
    double? Loss,
    bool Deterministic,
    double? RelativeError,
    IReadOnlyList<TensorCheck> Tensors,
    IReadOnlyList<LawCheck> Laws,
    bool Ok)
{
    /// <summary>The exit code of a command that ends with this report.</summary>
    public int ExitCode => Ok ? 0 : 65;

    /// <summary>The layers and their cost, if the objective is a network.</summary>
    public NetworkTable? Network { get; init; }
}

namespace Sidestep.Hosting;

/// <summary>One of the schemes of a race: a code under a strategy, and how often its model is measured.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Code">The code.</param>
/// <param name="Strategy">The strategy.</param>
/// <param name="IsDerivative">Whether it codes partial derivatives: a worker works on all data and sends a part of the coordinates.</param>
/// <param name="EvaluateEvery">Updates between measurements of the model.</param>
public sealed record RaceLane(string Name, CodeSpec Code, StrategySpec Strategy, bool IsDerivative = false, int EvaluateEvery = 1);

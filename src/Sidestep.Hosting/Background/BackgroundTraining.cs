namespace Sidestep.Hosting;

/// <summary>What a hosted service trains, and how.</summary>
public sealed record BackgroundTraining
{
    /// <summary>The spec; called when the host starts.</summary>
    public required Func<Trainer, ResolvedSpec> Spec { get; init; }

    /// <summary>Where results go, on which fabric. Its <see cref="TrainingOptions.Drain"/> works beside the host's own stop.</summary>
    public TrainingOptions Options { get; init; } = new();

    /// <summary>A service that trains what a spec file describes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="overrides">Each <c>path=value</c>.</param>
    public static BackgroundTraining FromFile(string path, params IReadOnlyList<string> overrides) =>
        new() { Spec = trainer => trainer.Load(path, overrides) };
}

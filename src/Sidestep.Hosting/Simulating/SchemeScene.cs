namespace Sidestep.Hosting;

/// <summary>How long one worker takes for what a round asks of it. Each law is drawn once per round.</summary>
/// <param name="Compute">The gradient of one partition; a row of several partitions takes as many times the draw, but see <see cref="Proportional"/>.</param>
/// <param name="Start">From the moment the round's models leave to the moment the worker begins, if it has nothing else to do.</param>
/// <param name="Upload">From the end of a computation to the arrival of its share, if that is as long as the model.</param>
public sealed record WorkerTimes(LatencyModel Compute, LatencyModel Start, LatencyModel Upload)
{
    /// <summary>The part of <see cref="Compute"/> that grows with the number of partitions, the rest is taken once per computation; null: all of it grows.</summary>
    public TimeSpan? Proportional { get; init; }

    /// <summary>The part of <see cref="Upload"/> that is due to the length of the share: shorter shares save their part of it.</summary>
    public TimeSpan UploadSize { get; init; }

    /// <summary>Deaths per second of being there; 0: it never dies.</summary>
    public double DeathsPerSecond { get; init; }
}

/// <summary>What <see cref="SchemeSimulation"/> plays: a scheme, its workers and the weather.</summary>
/// <remarks><code>var worker = new WorkerTimes(LatencySyntax.Parse("20ms"), LatencySyntax.Parse("100us"), LatencySyntax.Parse("100us"));
/// var scene = new SchemeScene { Code = new CodeSpec("fractional-repetition", 6, 2), Workers = [.. Enumerable.Repeat(worker, 6)] };</code></remarks>
public sealed record SchemeScene
{
    /// <summary>The gradient code.</summary>
    public required CodeSpec Code { get; init; }

    /// <summary>What the names of code and strategy mean.</summary>
    public SidestepCatalog Catalog { get; init; } = SidestepCatalog.BuiltIn;

    /// <summary>The training method; one whose rounds are one gradient of the whole.</summary>
    public StrategySpec Strategy { get; init; } = new();

    /// <summary>The workers, one per slot of the code.</summary>
    public required IReadOnlyList<WorkerTimes> Workers { get; init; }

    /// <summary>Number of equal partitions whose one <see cref="WorkerTimes.Compute"/> speaks of; 0: as many as the code has.
    /// A code of twice as many partitions computes each in half the time.</summary>
    public int Partitions { get; init; }

    /// <summary>What the coordinator itself takes per round: writing the model, decoding, stepping.</summary>
    public LatencyModel Coordinator { get; init; } = new ConstantLatency(TimeSpan.Zero);

    /// <summary>Rehearsed weather on top.</summary>
    public Weather Weather { get; init; } = Weather.None;

    /// <summary>Time between a death and the slot's next session.</summary>
    public TimeSpan Respawn { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Rounds that count.</summary>
    public long Rounds { get; init; } = 2000;

    /// <summary>Rounds before them, which do not: until the strategy knows its workers.</summary>
    public int WarmUp { get; init; } = 10;

    /// <summary>The seed. Scenes of one seed have the same weather, whatever the scheme.</summary>
    public ulong Seed { get; init; } = 1;
}

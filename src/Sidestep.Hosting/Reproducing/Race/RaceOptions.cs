namespace Sidestep.Hosting;

/// <summary>How <see cref="LossRace"/> runs.</summary>
public sealed record RaceOptions
{
    /// <summary>Folder of the runs.</summary>
    public required string Folder { get; init; }

    /// <summary>How worker processes are started; null: not on fabric <c>tcp</c>.</summary>
    public WorkerLaunch? Launch { get; init; }

    /// <summary><c>tcp</c>: processes; <c>threads</c> or <c>sim</c> for a first look.</summary>
    public string Fabric { get; init; } = "tcp";

    /// <summary>Only schemes whose names contain this; null: all.</summary>
    public string? Only { get; init; }

    /// <summary>Hears of every run.</summary>
    public Action<RaceRun>? Progress { get; init; }

    /// <summary>Ends it.</summary>
    public CancellationToken Stop { get; init; }
}

namespace Sidestep.Hosting;

/// <summary>How <see cref="RealPoints"/> runs.</summary>
public sealed record RealPointsOptions
{
    /// <summary>Folder of the runs.</summary>
    public required string Folder { get; init; }

    /// <summary>How worker processes are started; null: not on fabric <c>tcp</c>.</summary>
    public WorkerLaunch? Launch { get; init; }

    /// <summary><c>tcp</c>: processes; <c>threads</c> for a first look.</summary>
    public string Fabric { get; init; } = "tcp";

    /// <summary>Rounds of a run that count.</summary>
    public int Rounds { get; init; } = 60;

    /// <summary>Rounds before them that do not, here and simulated: workers compile their code in these, all on the same cores.</summary>
    public int WarmUp { get; init; } = 15;

    /// <summary>How many times longer computations, stalls and round trips are than the plan's, here and simulated. The map depends on their ratios alone;
    /// what processes on shared cores need for a message does not grow with them.</summary>
    public double Stretch { get; init; } = 4;

    /// <summary>Runs of a point; the median counts.</summary>
    public int Repeats { get; init; } = 1;

    /// <summary>Hears of every pair.</summary>
    public Action<RealPoint>? Progress { get; init; }

    /// <summary>Ends it.</summary>
    public CancellationToken Stop { get; init; }
}

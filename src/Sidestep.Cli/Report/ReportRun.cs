using Sidestep.Hosting;

namespace Sidestep.Cli.Report;

/// <summary>Everything a report shows of one run.</summary>
internal sealed record ReportRun
{
    /// <summary>Short name, unique in the report.</summary>
    public required string Name { get; init; }

    /// <summary>Where it lies, as it was given.</summary>
    public required string Folder { get; init; }

    /// <summary>Its result; null: it has not ended, or was killed.</summary>
    public RunResult? Result { get; init; }

    /// <summary>One row per round.</summary>
    public required MetricsTable Metrics { get; init; }

    /// <summary>What its rounds are plotted against.</summary>
    public required RunAxes Axes { get; init; }

    /// <summary>Rounds seen closely.</summary>
    public IReadOnlyList<GanttWindow> Windows { get; init; } = [];

    /// <summary>What the reader of the report must know about the files.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Seconds of each round, those that are known.</summary>
    public double[] RoundSeconds => [.. Metrics["seconds"].Where(double.IsFinite)];
}

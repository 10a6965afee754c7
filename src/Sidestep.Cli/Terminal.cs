using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>Where a command writes: results to <paramref name="Out"/>, everything else to <paramref name="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsInteractive">Whether a person watches: a live table may be drawn.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive = false)
{
    /// <summary>How worker processes are started; by default this program is started again.</summary>
    public WorkerLaunch Workers { get; init; } = WorkerLaunch.ThisProgram();
}

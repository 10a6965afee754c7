using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>What a command works with: it writes results to <paramref name="Out"/> and everything else to <paramref name="Error"/>.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="IsInteractive">Whether a person watches: a live table may be drawn.</param>
public sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive = false)
{
    /// <summary>What a user types to call this program.</summary>
    public string Program { get; init; } = "sidestep";

    /// <summary>What specs can name in this program, and how it trains.</summary>
    public Trainer Trainer { get; init; } = SidestepHost.Create().Build();
}

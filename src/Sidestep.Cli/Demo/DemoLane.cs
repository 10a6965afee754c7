using System.Globalization;
using System.Text.Json.Nodes;

namespace Sidestep.Cli;

/// <summary>One training of the demo.</summary>
/// <param name="Title">What people call it.</param>
/// <param name="Folder">Name of its folder.</param>
/// <param name="Code">The code's name in the catalog.</param>
/// <param name="Bad">Whether workers stall and die.</param>
/// <param name="Settings">Keys of the spec that differ from the common ones.</param>
internal sealed record DemoLane(string Title, string Folder, string Code, bool Bad, params string[] Settings)
{
    /// <summary>Slots in every lane.</summary>
    public const int Workers = 9;

    /// <summary>Milliseconds that a ninth of the data takes.</summary>
    public const int PartMilliseconds = 10;

    /// <summary>The slot that is killed.</summary>
    public const int Killed = 7;

    private const int Chunks = 4;
    private const int Stragglers = 2;
    private const string Stalls = "1:either(0ms,exp(100ms,100ms),0.5),4:either(0ms,exp(100ms,50ms),0.4)";

    /// <summary>Nobody stalls: what the others are compared with.</summary>
    public static DemoLane Undisturbed { get; } = new("undisturbed", "undisturbed", "uncoded", false);

    /// <summary>All wait for the slowest.</summary>
    public static DemoLane WaitForAll { get; } = new("wait for all", "wait-for-all", "uncoded", true);

    /// <summary>Every worker computes three ninths, so that two of any three that share them can be missing.</summary>
    public static DemoLane Coded { get; } = new(
        "coded, any 2 may miss", "coded", "fractional-repetition", true, $"code.stragglers={Stragglers}");

    private static DemoLane Drop { get; } = new("drop the slowest 2", "drop-2", "drop-slowest", true, $"code.stragglers={Stragglers}");

    // A chunk takes its part of the time, so that the whole is as much work as in the other lanes.
    private static DemoLane Reissue { get; } = new(
        $"reissue in {Chunks} chunks", "reissue", "reissue", true,
        $"code.chunks={Chunks}", string.Create(CultureInfo.InvariantCulture, $"compute=emulated({(double)PartMilliseconds / Chunks}ms)"));

    /// <summary>The lanes, in the order they are run.</summary>
    public static IReadOnlyList<DemoLane> All { get; } = [Undisturbed, WaitForAll, Drop, Reissue, Coded];

    /// <summary>The undisturbed training whose bytes this lane must have; this lane itself if nothing disturbs it.</summary>
    /// <remarks>Leaving nothing out, <c>drop-slowest</c> adds up as <c>uncoded</c> does. The others add up in another order, which rounds otherwise.</remarks>
    public DemoLane Reference => Code is "uncoded" or "drop-slowest" ? Undisturbed : this with { Bad = false, Folder = $"{Folder}-reference" };

    /// <summary>Milliseconds a worker computes in a round.</summary>
    public int RoundMilliseconds => Code == "fractional-repetition" ? PartMilliseconds * (Stragglers + 1) : PartMilliseconds;

    /// <summary>The round in whose midst a worker is killed.</summary>
    /// <param name="rounds">Rounds of the lane.</param>
    public static long KillRound(long rounds) => Math.Min(10, rounds / 2);

    /// <summary>Overrides of the common spec.</summary>
    /// <param name="rounds">Rounds to do.</param>
    public IEnumerable<string> Overrides(long rounds)
    {
        IEnumerable<string> common = [$"code.name={Code}", $"rounds={rounds}", .. Settings];
        return Bad
            ? [.. common, $"slow={JsonValue.Create(Stalls).ToJsonString()}", $"kill={JsonValue.Create($"{Killed}@{KillRound(rounds)}").ToJsonString()}"]
            : common;
    }
}

using System.Globalization;

namespace Sidestep.Cli;

/// <summary>What the demo says to people.</summary>
internal static class DemoText
{
    private const int Width = 80;
    private const int ShortHash = 8;

    public static IEnumerable<string> Opening(string fabric, long rounds, bool hasBars) =>
    [
        $"This trains a small network on pictures of digits {DemoLane.All.Count} times, {rounds} rounds each,",
        $"with {DemoLane.Workers} workers ({Home(fabric)}). Emulated compute: a worker's part of a",
        $"round takes {DemoLane.PartMilliseconds} ms on any machine, so that {DemoLane.Workers} cores are not needed.",
        "First undisturbed; then four schemes meet the same bad weather:",
        "  workers 1 and 4 stall at random, 100 to 300 ms in about every other round;",
        $"  worker {DemoLane.Killed} is killed in the middle of round {DemoLane.KillRound(rounds) + 1}{(fabric == "tcp" ? " (SIGKILL)" : string.Empty)} and started again.",
        fabric == "sim" ? "It takes a few seconds." : "It takes a minute or less, more on a busy machine.",
        .. hasBars ? (string[])["A worker's bar and number: its shares that came in time to be used."] : [],
        string.Empty,
    ];

    public static IEnumerable<string> Table(DemoView view)
    {
        yield return string.Empty;
        yield return "scheme                  time ms/round   p99  work  died  hash      exact  right";
        foreach (var v in view.Verdicts)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{v.Lane,-21} {v.Seconds,5:0.0} s {v.MillisecondsPerRound,8:0.0} {v.MillisecondsP99,5:0} {v.Work,5:0.00} {v.Deaths,5}  {v.TrajectoryHash[..ShortHash]}  {(v.Exact ? "yes" : "NO"),-5} {v.Accuracy * 100,4:0.0} %");
        }

        yield return string.Empty;
        foreach (var line in Wrapped(
            "work: computing, in passes over the data. exact: the model went through the very bytes of the same training undisturbed (for reissue and coded, "
            + "which add up in another order, that is a twin run in virtual time, which has the bytes of real processes). right: of unseen pictures. Times are of emulated compute and leave out the first round, in which processes start.", string.Empty))
        {
            yield return line;
        }
    }

    public static IEnumerable<string> Findings(DemoView view, string folder, string program)
    {
        const string Indent = "               ";
        yield return string.Empty;
        foreach (var line in view.Findings.SelectMany(finding => Wrapped(finding, Indent)))
        {
            yield return line;
        }

        yield return string.Empty;
        yield return "what next";
        yield return $"  {program} report {string.Join(" \\\n      ", DemoLane.All.Select(l => Path.Combine(folder, l.Folder)).Chunk(2).Select(pair => string.Join(' ', pair)))}";
        yield return "      draws these runs into report.html: who arrived when, who cost what";
        yield return $"  {program} probe {Path.Combine(folder, DemoLane.WaitForAll.Folder, "spec.json")} --out profile.json";
        yield return "      measures the workers of a spec (this one, or yours)";
        yield return $"  {program} simulate profile.json";
        yield return "      plays every scheme with these workers and names the cheapest exact one";
    }

    private static string Home(string fabric) => fabric switch
    {
        "tcp" => "local processes",
        "threads" => "threads of this process",
        _ => "in virtual time",
    };

    private static IEnumerable<string> Wrapped(string text, string indent)
    {
        while (text.Length > Width && text.LastIndexOf(' ', Width) is var at && at > indent.Length)
        {
            yield return text[..at];
            text = indent + text[(at + 1)..];
        }

        yield return text;
    }
}

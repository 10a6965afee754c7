using System.Globalization;

namespace Sidestep.Cli;

/// <summary>The last part of the demo: the user kills workers, and the run goes on to the same bytes.</summary>
internal static class YourTurn
{
    /// <summary>How long it lasts if nothing else is asked for.</summary>
    public const int Seconds = 25;

    // What a round of the coded lane takes with its messages, about.
    private const int RoundMilliseconds = 38;

    private static readonly DemoLane Lane = DemoLane.Coded with { Title = "your turn (coded)", Folder = "your-turn", Bad = false };

    /// <summary>Runs it.</summary>
    /// <param name="runs">The demo's runs.</param>
    /// <param name="seconds">How long it should last, about.</param>
    /// <param name="output">Where to say what to do.</param>
    /// <param name="view">What it came to; null unless the exit code is 0.</param>
    /// <returns>An exit code.</returns>
    public static int Run(DemoRuns runs, int seconds, TextWriter output, out YourTurnView? view)
    {
        view = null;
        var rounds = Math.Max(1, seconds * 1000L / RoundMilliseconds);
        output.WriteLine();
        output.WriteLine($"Your turn, for {seconds} seconds or so: in another terminal, kill -9 PID of any workers below.");
        output.WriteLine("They are started again with new pids; the run goes on without them.");
        var code = runs.Run(Lane, rounds, showsProcesses: true);
        code = code == 0 ? runs.RunReference(Lane, rounds) : code;
        if (code == 0)
        {
            var result = runs.ResultOf(Lane);
            view = new YourTurnView(result.Rounds, result.Workers.Sum(w => w.Deaths), result.TrajectoryHash == runs.ResultOf(Lane.Reference).TrajectoryHash);
        }

        return code;
    }

    /// <summary>What it came to, in a sentence.</summary>
    public static string Text(YourTurnView view) => string.Create(
        CultureInfo.InvariantCulture,
        $"your turn: {view.Deaths} death{(view.Deaths == 1 ? string.Empty : "s")} in {view.Rounds} rounds; same hash: {(view.SameHash ? "yes" : "NO")}");
}

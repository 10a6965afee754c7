using System.Globalization;
using Sidestep.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sidestep.Cli;

/// <summary>A lane while it runs: bars for a person, plain lines otherwise.</summary>
internal static class LaneScreen
{
    private const int BarWidth = 32;
    private const int NewsLines = 5;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    public static RunResult Show(LaneBoard board, Terminal terminal, RunRequest request)
    {
        if (terminal.IsInteractive)
        {
            return Bars(board, terminal, request);
        }

        board.Tells = terminal.Error.WriteLine;
        return RunExecutor.RunAsync(request).GetAwaiter().GetResult();
    }

    private static RunResult Bars(LaneBoard board, Terminal terminal, RunRequest request)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
        var news = new Queue<string>();
        board.Tells = line =>
        {
            lock (news)
            {
                news.Enqueue(line);
                while (news.Count > NewsLines)
                {
                    news.Dequeue();
                }
            }
        };
        var run = Task.Run(() => RunExecutor.RunAsync(request));
        console.Live(Text.Empty).AutoClear(true).Start(live =>
        {
            do
            {
                string[] told;
                lock (news)
                {
                    told = [.. news];
                }

                live.UpdateTarget(Picture(board, told, console.Profile.Capabilities.Unicode));
                Task.WaitAny([run], Refresh);
            }
            while (!run.IsCompleted);
        });
        return run.GetAwaiter().GetResult();
    }

    private static Rows Picture(LaneBoard board, string[] news, bool unicode)
    {
        var done = board.Done;
        var lines = new List<IRenderable>
        {
            new Markup(Line($"[bold]{board.Lane.Title,-24}[/]{Bar(done, board.Rounds, unicode, "blue")} round {done,4}/{board.Rounds}{(done > 0 ? Line($" {board.Milliseconds,4:0} ms") : string.Empty)}")),
        };
        var workers = board.Workers();
        var full = Math.Max(done * board.SharesPerRound, workers.Max(w => w.Shares));
        lines.AddRange(workers.Select(w => Worker(board, w, full, unicode)));

        // As many lines at all times: a picture that grows makes the screen jump.
        if (board.ShowsProcesses)
        {
            lines.AddRange(Enumerable.Range(0, NewsLines).Select(i => new Text(i < news.Length ? news[i] : " ")));
        }

        return new Rows(lines);
    }

    private static Markup Worker(LaneBoard board, WorkerLine worker, long full, bool unicode)
    {
        var (color, look) = worker.Look switch
        {
            WorkerLook.Dead => ("red", "dead"),
            WorkerLook.Stalled => ("yellow", "stalled"),
            WorkerLook.Starting => ("grey", "starting"),
            _ => ("green", "well"),
        };
        var process = board.ShowsProcesses && worker.ProcessId > 0 ? Line($"pid {worker.ProcessId}") : string.Empty;
        var deaths = worker.Deaths > 0 ? Line($" died {worker.Deaths}x") : string.Empty;
        return new Markup(Line($"worker {worker.Slot} {process,-14} {Bar(worker.Shares, full, unicode, color)} {worker.Shares,4} [{color}]{look}[/]{deaths}"));
    }

    private static string Bar(long part, long whole, bool unicode, string color)
    {
        var filled = whole > 0 ? (int)Math.Clamp(part * BarWidth / whole, 0, BarWidth) : 0;
        return Line($"[{color}]{new string(unicode ? '█' : '#', filled)}[/][grey]{new string(unicode ? '░' : '.', BarWidth - filled)}[/]");
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

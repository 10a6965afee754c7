using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Cli.Report;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep reproduce NAME</c>: a table or map of the documentation, computed anew.</summary>
internal static class ReproduceCommand
{
    private static readonly int[] Jobs = [1, 2, 4];
    private static readonly double[] RoundTripShares = [0, 0.01, 0.1];

    public static Command Create(Terminal terminal) => new("reproduce", "Computes a table or map of the documentation anew.")
    {
        WhoWinsCommand(terminal),
        TracesCommand(terminal),
        RaceCommand(terminal),
    };

    private static Command WhoWinsCommand(Terminal terminal)
    {
        var quick = new Option<bool>("--quick") { Description = "A small map with few rounds." };
        var real = new Option<bool>("--real") { Description = "Instead of the map: nine of its points, simulated and on real processes." };
        var repeats = new Option<int?>("--repeats") { Description = "Runs of each point on processes (--real), 1 if nothing is said; the median counts." };
        var rounds = new Option<int?>("--rounds") { Description = "Rounds that are simulated for each scheme and point." };
        var target = Out("who-wins");
        var json = Flags.Json();
        var command = new Command("who-wins", "Which scheme is fastest, by how long messages take and how often workers stall: simulated with every scheme's own code.")
        {
            quick, real, rounds, repeats, target, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(quick) && result.GetValue(real))
            {
                result.AddError("--quick and --real exclude each other: one is a small map, the other points on processes.");
            }

            if (result.GetValue(rounds) is < 10 or > 1_000_000)
            {
                result.AddError("--rounds must be from 10 to 1000000.");
            }

            if (result.GetValue(repeats) is < 1 or > 99)
            {
                result.AddError("--repeats must be from 1 to 99.");
            }
        });
        command.SetAction(parsed =>
        {
            var folder = Folder(parsed.GetValue(target), "who-wins");
            using var signals = new Signals(terminal.Error);
            return OrInterrupted(terminal, signals, () =>
            {
                if (parsed.GetValue(real))
                {
                    Real(terminal, folder, parsed.GetValue(repeats) ?? 1, parsed.GetValue(json), signals);
                }
                else
                {
                    var plan = parsed.GetValue(quick) ? WhoWinsPlan.Quick : new WhoWinsPlan();
                    Map(terminal, folder, plan with { Rounds = parsed.GetValue(rounds) ?? plan.Rounds }, parsed.GetValue(json), signals);
                }
            });
        });
        return command;
    }

    private static void Map(Terminal terminal, string folder, WhoWinsPlan plan, bool asJson, Signals signals)
    {
        var points = WhoWins.Run(
            plan,
            progress: (done, all) => terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {all} points")),
            stop: signals.Drain);
        Write(terminal, folder, "who-wins.csv", WhoWinsTable.Csv(points));
        Write(terminal, folder, "who-wins.svg", WhoWinsChart.Svg(plan, points));
        Write(terminal, folder, "who-wins.html", WhoWinsChart.Html(plan, points));
        terminal.Out.Write(asJson ? JsonSerializer.Serialize(WhoWinsView.Of(points), CliJson.Default.IReadOnlyListWhoWinsView) + "\n" : WhoWinsTable.Text(plan, points));
    }

    private static void Real(Terminal terminal, string folder, int repeats, bool asJson, Signals signals)
    {
        var points = RealPoints.Run(new WhoWinsPlan(), new RealPointsOptions
        {
            Folder = folder,
            Launch = terminal.Trainer.Workers,
            Repeats = repeats,
            Stop = signals.Drain,
            Progress = p => terminal.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"c / round trip {p.Ratio}, P(stall) {p.Probability}, {p.Rival.Name}: simulated {p.Simulated * 1000:0.0} ms, processes {p.Real * 1000:0.0} ms, load {p.Load:0.0}")),
        });
        Write(terminal, folder, "who-wins-real.md", RealPoints.Text(points));
        terminal.Out.Write(asJson ? JsonSerializer.Serialize(RealPointView.Of(points), CliJson.Default.IReadOnlyListRealPointView) + "\n" : RealPoints.Text(points));
    }

    private static Command TracesCommand(Terminal terminal)
    {
        var data = new Option<string?>("--data") { Description = $"Folder of data sets; default: the folder that {DataFolder.Variable} names." };
        var target = Out("traces");
        var json = Flags.Json();
        var command = new Command("traces", "Three jobs of the Alibaba GPU trace of 2020, replayed under every scheme at three round-trip times.")
        {
            data, target, json,
        };
        command.SetAction(parsed =>
        {
            var jobs = Path.Combine(parsed.GetValue(data) ?? DataFolder.For(Directory.GetCurrentDirectory()), "traces", "pai-minibatch");
            var traces = Jobs.Select(n => JobTrace.Read(Path.Combine(jobs, string.Create(CultureInfo.InvariantCulture, $"job_{n}_norm.csv.gz")))).ToArray();
            var folder = Folder(parsed.GetValue(target), "traces");
            using var signals = new Signals(terminal.Error);
            return OrInterrupted(terminal, signals, () =>
            {
                var cells = traces.SelectMany(job => TraceReplay.Run(job, RoundTripShares, stop: signals.Drain)).ToArray();
                Write(terminal, folder, "traces.csv", TraceTable.Csv(cells));
                Write(terminal, folder, "traces.md", TraceTable.Text(cells));
                terminal.Out.Write(parsed.GetValue(json) ? JsonSerializer.Serialize(TraceView.Of(cells), CliJson.Default.IReadOnlyListTraceView) + "\n" : TraceTable.Text(cells));
            });
        });
        return command;
    }

    private static Command RaceCommand(Terminal terminal)
    {
        var fabric = new Option<string?>("--fabric") { Description = "tcp (local processes; the default), threads or sim." };
        fabric.AcceptOnlyFromAmong("tcp", "threads", "sim");
        var seconds = new Option<int?>("--seconds") { Description = "How long each run trains; default 8." };
        var seeds = new Option<int?>("--seeds") { Description = "Runs of every scheme under every law of delays; default 3." };
        var only = new Option<string?>("--only") { Description = "Only schemes whose names contain this, such as pair-lines." };
        var target = Out("loss-race");
        var command = new Command("loss-race", "Loss against wall time: derivative codes, gradient codes, reissue, dropping and asynchronous descent train the same model over thin links.")
        {
            fabric, seconds, seeds, only, target,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(seconds) is < 1 or > 3600)
            {
                result.AddError("--seconds must be from 1 to 3600.");
            }

            if (result.GetValue(only) is { } part && !new RacePlan().Lanes.Any(l => l.Name.Contains(part, StringComparison.Ordinal)))
            {
                result.AddError($"--only '{part}' is in no name of a scheme; they are: {string.Join("; ", new RacePlan().Lanes.Select(l => l.Name))}.");
            }

            if (result.GetValue(seeds) is < 1 or > 99)
            {
                result.AddError("--seeds must be from 1 to 99.");
            }
        });
        command.SetAction(parsed =>
        {
            var folder = Folder(parsed.GetValue(target), "loss-race");
            var plan = new RacePlan();
            plan = plan with
            {
                Length = TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? plan.Length.TotalSeconds),
                Seeds = [.. Enumerable.Range(1, parsed.GetValue(seeds) ?? plan.Seeds.Length).Select(s => (ulong)s)],
            };
            using var signals = new Signals(terminal.Error);
            return OrInterrupted(terminal, signals, () =>
            {
                var runs = LossRace.Run(plan, new RaceOptions
                {
                    Folder = folder,
                    Launch = terminal.Trainer.Workers,
                    Fabric = parsed.GetValue(fabric) ?? "tcp",
                    Only = parsed.GetValue(only),
                    Stop = signals.Drain,
                    Progress = r => terminal.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{r.Delay}, {r.Lane.Name}, seed {r.Seed}, rate {r.Rate}: test loss {r.Last:0.000} after {r.Updates} updates")),
                });
                Write(terminal, folder, "loss-race.csv", RaceTable.Csv(runs));
                Write(terminal, folder, "loss-race.md", RaceTable.Text(plan, runs));
                Write(terminal, folder, "loss-race.html", RacePage.Of(plan, runs));
                terminal.Out.Write(RaceTable.Text(plan, runs));
            });
        });
        return command;
    }

    private static Option<string?> Out(string name) => new("--out", "-o") { Description = $"Folder for the results; default runs/{name}-001 and so on." };

    private static int OrInterrupted(Terminal terminal, Signals signals, Action experiment)
    {
        try
        {
            experiment();
            return 0;
        }
        catch (OperationCanceledException) when (signals.Drain.IsCancellationRequested)
        {
            terminal.Error.WriteLine("ended before it was complete");
            return RunCommand.Interrupted;
        }
    }

    // Before anything is computed: a folder that cannot be had should not cost minutes.
    private static string Folder(string? given, string name)
    {
        var folder = given ?? RunFolder.NextFree("runs", name);
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"the folder {folder} cannot be had: {error.Message}", 73, error);
        }
    }

    private static void Write(Terminal terminal, string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        try
        {
            File.WriteAllText(path, text);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"{path} cannot be written: {error.Message}", 74, error);
        }

        terminal.Error.WriteLine($"wrote {path}");
    }
}

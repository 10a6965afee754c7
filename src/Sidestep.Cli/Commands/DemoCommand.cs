using System.CommandLine;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep demo</c>: the same training undisturbed and in bad weather, under four schemes, on local processes.</summary>
internal static class DemoCommand
{
    private const long UsualRounds = 80;
    private const string Processes = "tcp";

    public static Command Create(Terminal terminal)
    {
        var json = Flags.Json();
        var target = new Option<string?>("--out", "-o") { Description = "Folder for the runs; default runs/demo-001 and so on." };
        var fabric = new Option<string?>("--fabric") { Description = "tcp (local processes; the default), threads or sim." };
        var rounds = new Option<long?>("--rounds") { Description = $"Rounds of every lane; default {UsualRounds}." };
        var yourTurn = new Option<int?>("--your-turn")
        {
            Description = $"End with a run whose workers you kill, of so many seconds (default {YourTurn.Seconds}); on a terminal the demo does so unasked. Needs tcp.",
            Arity = ArgumentArity.ZeroOrOne,
            HelpName = "SECONDS",
        };
        var notMine = new Option<bool>("--no-your-turn") { Description = "End after the comparison." };
        var command = new Command("demo", "Trains on 9 local processes, two stalling and one killed in mid-round, and says what each scheme makes of it.")
        {
            target, fabric, rounds, yourTurn, notMine, json,
        };
        fabric.AcceptOnlyFromAmong(Processes, "threads", "sim");
        command.Validators.Add(result =>
        {
            if (result.GetValue(rounds) is < 4 or > 100_000)
            {
                result.AddError("--rounds must be from 4 to 100000.");
            }

            if (result.GetResult(yourTurn) is not null)
            {
                if (result.GetValue(yourTurn) is < 1 or > 3600)
                {
                    result.AddError("--your-turn must be from 1 to 3600 seconds.");
                }

                if (result.GetValue(notMine) || result.GetValue(fabric) is not (null or Processes))
                {
                    result.AddError("--your-turn needs processes to kill: it goes with fabric tcp, and not with --no-your-turn.");
                }
            }
        });
        command.SetAction(parsed =>
        {
            var asked = parsed.GetResult(yourTurn) is not null;
            var where = parsed.GetValue(fabric) ?? Processes;
            var unasked = terminal.IsInteractive && where == Processes && !parsed.GetValue(notMine) && !parsed.GetValue(json);
            return Run(
                terminal,
                parsed.GetValue(target) ?? RunFolder.NextFree("runs", "demo"),
                where,
                parsed.GetValue(rounds) ?? UsualRounds,
                asked || unasked ? parsed.GetValue(yourTurn) ?? YourTurn.Seconds : null,
                parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(Terminal terminal, string folder, string fabric, long rounds, int? yourTurn, bool asJson)
    {
        using var signals = new Signals(terminal.Error);
        var runs = new DemoRuns(folder, fabric, terminal, signals);
        Write(terminal.Error, DemoText.Opening(fabric, rounds, terminal.IsInteractive));
        foreach (var lane in DemoLane.All)
        {
            var code = runs.Run(lane, rounds);
            code = code == 0 && lane.Reference != lane && lane.Reference != DemoLane.Undisturbed ? runs.RunReference(lane, rounds) : code;
            if (code != 0)
            {
                return code;
            }
        }

        var view = DemoVerdict.Of(runs);
        if (!asJson)
        {
            Write(terminal.Out, [.. DemoText.Table(view), .. DemoText.Findings(view, folder, terminal.Program)]);
        }

        if (yourTurn is { } seconds)
        {
            if (YourTurn.Run(runs, seconds, terminal.Error, out var turn) is var code and not 0)
            {
                return code;
            }

            view = view with { YourTurn = turn };
            terminal.Error.WriteLine(YourTurn.Text(turn!));
        }

        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.DemoView));
        }

        return 0;
    }

    private static void Write(TextWriter output, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            output.WriteLine(line);
        }
    }
}

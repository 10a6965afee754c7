using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep check [SPEC]</c>: is the gradient the loss's gradient, and may it be trained with?</summary>
internal static class CheckCommand
{
    private const string UsualSpec = "run.json";

    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("SPEC") { Description = "A spec file.", DefaultValueFactory = _ => UsualSpec };
        var set = Flags.Set();
        var samples = new Option<int>("--samples") { Description = "Samples of the batch.", DefaultValueFactory = _ => 32 };
        var tolerance = new Option<double>("--tolerance") { Description = "Relative error of a slope that is accepted.", DefaultValueFactory = _ => 1e-2 };
        var json = Flags.Json();
        var command = new Command("check", "Holds a spec's objective against differences of its loss and against the laws of the contract.")
        {
            path, set, samples, tolerance, json,
        };
        samples.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 or > 4096)
            {
                result.AddError("--samples must be from 2 to 4096.");
            }
        });
        tolerance.Validators.Add(result =>
        {
            if (!(result.GetValueOrDefault<double>() is > 0 and < 1))
            {
                result.AddError("--tolerance must be above 0 and below 1.");
            }
        });
        command.SetAction(parsed =>
        {
            var spec = terminal.Trainer.Load(parsed.GetValue(path)!, parsed.GetValue(set));
            var report = ObjectiveCheck.RunAsync(spec, parsed.GetValue(samples), parsed.GetValue(tolerance)).GetAwaiter().GetResult();
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.ObjectiveReport));
            }
            else
            {
                Print(terminal.Out, report);
            }

            return report.ExitCode;
        });
        return command;
    }

    private static void Print(TextWriter output, ObjectiveReport report)
    {
        output.WriteLine(Text($"{report.Objective}: {report.Parameters} parameters, {report.Samples} samples, mean loss {report.Loss:G6}"));
        if (report.Network is { } network)
        {
            NetworkText.Print(output, network);
        }

        var width = Math.Max(6, report.Tensors.Select(t => t.Name.Length).DefaultIfEmpty(0).Max());
        if (report.Tensors.Count > 0)
        {
            output.WriteLine($"      {"tensor".PadRight(width)}   elements  directions  relative error  where it is largest");
        }

        foreach (var t in report.Tensors)
        {
            var unclear = t.Unclear > 0 ? Text($"; {t.Unclear} too rough to tell") : string.Empty;
            output.WriteLine(Text(
                $"{Mark(t.Ok)}  {t.Name.PadRight(width)} {t.Length,10}  {t.Directions,10}  {t.RelativeError,14:0.0e+0}  {t.Worst}: loss {t.Difference:G5}, gradient {t.Gradient:G5}{unclear}"));
        }

        foreach (var law in report.Laws)
        {
            output.WriteLine($"{(law.Ok || law.Needed ? Mark(law.Ok) : "note")}  {law.Name}: {law.Found}");
        }

        output.WriteLine(report.Ok
            ? report.Deterministic ? "sound: the gradient is the loss's gradient, and runs can be exact" : "sound, but not deterministic: runs are approximate"
            : "NOT SOUND: do not train with it");
    }

    private static string Mark(bool ok) => ok ? "ok  " : "BAD ";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

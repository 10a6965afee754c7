using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Coding;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep code show|decode NAME</c>: a code's table, promise and certificate; decode weights of a set of arrivals.</summary>
internal static class CodeCommand
{
    public static Command Create(Terminal terminal) =>
        new("code", "Shows gradient codes: who stores and sends what, and how it decodes.") { CreateShow(terminal), CreateDecode(terminal) };

    private static Command CreateShow(Terminal terminal)
    {
        var flags = new CodeFlags();
        var json = Flags.Json();
        var command = new Command("show", "Prints a code's table, guarantee and certificate.") { json };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            var view = CodeView.Of(flags.Create(parsed, terminal.Trainer.Catalog));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.CodeView));
            }
            else
            {
                CodeText.Print(terminal.Out, view);
            }

            return 0;
        });
        return command;
    }

    private static Command CreateDecode(Terminal terminal)
    {
        var flags = new CodeFlags();
        var json = Flags.Json();
        var arrivals = new Option<string>("--arrivals") { Description = "Rows that arrived, such as 0,2,3.", Required = true };
        var command = new Command("decode", "Prints the weights that decode a set of arrivals.") { arrivals, json };
        flags.AddTo(command);
        command.SetAction(parsed =>
        {
            var code = flags.Create(parsed, terminal.Trainer.Catalog);
            int[] rows = [.. Rows(parsed.GetValue(arrivals)!, code.Table.Rows.Length)];
            var view = DecodeView.Of(rows, DecodePlanner.Plan(code.Table, rows));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.DecodeView));
            }
            else
            {
                CodeText.Print(terminal.Out, rows, view);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<int> Rows(string text, int count)
    {
        var seen = new HashSet<int>();
        foreach (var piece in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(piece, NumberStyles.None, CultureInfo.InvariantCulture, out var row) || row >= count)
            {
                throw new ConfigurationException($"--arrivals: '{piece}' is not a row; the code has rows 0 to {count - 1}");
            }

            if (!seen.Add(row))
            {
                throw new ConfigurationException($"--arrivals names row {row} a second time; name each row once");
            }

            yield return row;
        }
    }
}

using System.CommandLine;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep catalog [KIND]</c>: everything specs can name, one line each.</summary>
internal static class CatalogCommand
{
    public static Command Create(Terminal terminal)
    {
        var kind = new Argument<string?>("KIND") { Description = string.Join(", ", SidestepCatalog.Kinds), Arity = ArgumentArity.ZeroOrOne };
        var json = Flags.Json();
        var command = new Command("catalog", "Lists codes, compressors, objectives, optimizers, mixers, strategies, data and fabrics.") { kind, json };
        command.SetAction(parsed =>
        {
            var catalog = terminal.Trainer.Catalog;
            var entries = parsed.GetValue(kind) is { } named ? catalog.Of(named) : catalog.Entries;
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(entries, CliJson.Default.IReadOnlyListCatalogEntry));
            }
            else
            {
                Print(terminal.Out, entries);
            }

            return 0;
        });
        return command;
    }

    private static void Print(TextWriter output, IReadOnlyList<CatalogEntry> entries)
    {
        var width = entries.Max(e => e.Name.Length);
        foreach (var group in entries.GroupBy(e => e.Kind))
        {
            output.WriteLine($"{group.Key}:");
            foreach (var entry in group)
            {
                var parameters = entry.Parameters.Length == 0 ? string.Empty : $" [{entry.Parameters}]";
                output.WriteLine($"  {entry.Name.PadRight(width)}  {(entry.Own ? "(own) " : string.Empty)}{entry.Summary}{parameters}");
            }
        }
    }
}

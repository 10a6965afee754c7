using System.CommandLine;
using System.CommandLine.Help;

namespace Sidestep.Cli;

/// <summary>All commands but the hidden worker.</summary>
internal static class CommandTree
{
    public static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Distributed training that sidesteps stragglers and deaths.")
        {
            RunCommand.Create(terminal),
            DemoCommand.Create(terminal),
            CatalogCommand.Create(terminal),
            CodeCommand.Create(terminal),
            CompressCommand.CreateCompress(terminal),
            CompressCommand.CreateDecompress(terminal),
            DoctorCommand.Create(terminal),
            ReproduceCommand.Create(terminal),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((HelpAction)help.Action!, terminal);
        return root;
    }

    /// <summary>The words that lead to a command.</summary>
    public static string PathOf(Command command)
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "sidestep" : $"{PathOf(parent)} {command.Name}";
    }

    internal static string ExampleOf(string path) => path switch
    {
        "sidestep run" => "sidestep run experiments/digits.json --set rounds=200 --slow \"6:100ms\" --kill \"2@10\" --out runs/first",
        "sidestep demo" => "sidestep demo",
        "sidestep catalog" => "sidestep catalog codes",
        "sidestep code" or "sidestep code show" => "sidestep code show cyclic-repetition --workers 7 --stragglers 2 --json",
        "sidestep code decode" => "sidestep code decode cyclic-repetition --workers 7 --stragglers 2 --arrivals 0,2,3,4,6",
        "sidestep compress" => "sidestep compress gradient.f32 gradient.bin --with \"top-k(0.01)\"",
        "sidestep decompress" => "sidestep decompress gradient.bin gradient.f32",
        "sidestep doctor" => "sidestep doctor --json",
        "sidestep reproduce" or "sidestep reproduce who-wins" => "sidestep reproduce who-wins --quick --out runs/map",
        "sidestep reproduce traces" => "sidestep reproduce traces --out runs/traces",
        _ => "sidestep demo",
    };
}

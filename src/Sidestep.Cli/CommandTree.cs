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
            EvaluateCommand.Create(terminal),
            ExportCommand.Create(terminal),
            ModelCommand.Create(terminal),
            ProbeCommand.Create(terminal),
            ProfileCommand.Create(terminal),
            SimulateCommand.Create(terminal),
            CheckCommand.Create(terminal),
            NewCommand.Create(terminal),
            CatalogCommand.Create(terminal),
            CodeCommand.Create(terminal),
            CompressCommand.CreateCompress(terminal),
            CompressCommand.CreateDecompress(terminal),
            DataCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            ReproduceCommand.Create(terminal),
            ReportCommand.Create(terminal),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((HelpAction)help.Action!, terminal);
        return root;
    }

    /// <summary>The words that lead to a command.</summary>
    public static string PathOf(Command command, string program = "sidestep")
    {
        var parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? program : $"{PathOf(parent, program)} {command.Name}";
    }

    internal static string ExampleOf(string path) => path switch
    {
        "sidestep run" => "sidestep run experiments/digits.json --set rounds=200 --slow \"6:100ms\" --kill \"2@10\" --out runs/first",
        "sidestep evaluate" => "sidestep evaluate runs/first/best.safetensors experiments/digits.json",
        "sidestep export" => "sidestep export runs/first --out model.safetensors",
        "sidestep model" or "sidestep model show" => "sidestep model show runs/first/best.safetensors --json",
        "sidestep demo" => "sidestep demo",
        "sidestep probe" => "sidestep probe experiments/digits.json --rounds 200 --out profile.json",
        "sidestep profile" => "sidestep profile runs/first --out profile.json",
        "sidestep simulate" => "sidestep simulate profile.json --codes \"uncoded,reissue,fractional-repetition(1)\" --slow \"1:exp(20ms,50ms)\"",
        "sidestep check" => "sidestep check experiments/digits.json",
        "sidestep new" => "sidestep new MyTraining",
        "sidestep catalog" => "sidestep catalog codes",
        "sidestep code" or "sidestep code show" => "sidestep code show cyclic-repetition --workers 7 --stragglers 2 --json",
        "sidestep code decode" => "sidestep code decode cyclic-repetition --workers 7 --stragglers 2 --arrivals 0,2,3,4,6",
        "sidestep compress" => "sidestep compress gradient.f32 gradient.bin --with \"top-k(0.01)\"",
        "sidestep decompress" => "sidestep decompress gradient.bin gradient.f32",
        "sidestep data" or "sidestep data import" => "sidestep data import clicks.csv.gz --header --label clicked --drop id --out clicks",
        "sidestep data verify" => "sidestep data verify clicks",
        "sidestep data show" => "sidestep data show clicks --rows 2",
        "sidestep data generate" => "sidestep data generate --rows 1000000 --features 100 --classes 10 --out clouds",
        "sidestep report" => "sidestep report runs/first runs/second --out report.html",
        "sidestep doctor" => "sidestep doctor --json",
        "sidestep reproduce" or "sidestep reproduce who-wins" => "sidestep reproduce who-wins --quick --out runs/map",
        "sidestep reproduce loss-race" => "sidestep reproduce loss-race --seconds 4 --seeds 1 --out runs/race",
        "sidestep reproduce traces" => "sidestep reproduce traces --out runs/traces",
        _ => "sidestep demo",
    };
}

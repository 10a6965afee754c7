using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sidestep.Cli;

/// <summary>A command's help, and an example of its use below.</summary>
internal sealed class HelpWithExample(HelpAction inner, Terminal terminal) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = inner.Invoke(parseResult);
        var example = CommandTree.ExampleOf(CommandTree.PathOf(parseResult.CommandResult.Command));

        // A program of one's own lies beside its spec, not beside our experiments.
        example = terminal.Program == "sidestep" ? example : $"{terminal.Program}{example["sidestep".Length..].Replace("experiments/digits.json", "run.json", StringComparison.Ordinal)}";
        terminal.Out.WriteLine($"Example:\n  {example}");
        return code;
    }
}

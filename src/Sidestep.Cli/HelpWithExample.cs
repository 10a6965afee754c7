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
        terminal.Out.WriteLine($"Example:\n  {terminal.Program}{example["sidestep".Length..]}");
        return code;
    }
}

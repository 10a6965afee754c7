using System.Reflection;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>A user's program as the <c>sidestep</c> command.</summary>
public static class HostCommand
{
    /// <summary>Builds the host and runs one command line: every command of <c>sidestep</c>, with the program's own parts beside the built-in ones,
    /// and the hidden <c>worker</c>, by which local processes of this program take part in a run.</summary>
    /// <remarks><code>return await SidestepHost.Create().AddObjective("my-net", c => new MyNet(c.Features)).RunAsync(args);</code></remarks>
    /// <param name="host">The host.</param>
    /// <param name="args">The program's arguments.</param>
    /// <returns>The exit code to end the program with (docs/exit-codes.md). Errors are written to standard error, never thrown.</returns>
    public static Task<int> RunAsync(this SidestepHost host, string[] args)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(args);
        var terminal = new Terminal(Console.Out, Console.Error, !Console.IsErrorRedirected)
        {
            Program = Assembly.GetEntryAssembly()?.GetName().Name ?? "sidestep",
        };
        return Task.FromResult(CliApp.Run(args, terminal, () => terminal with { Trainer = host.Build() }));
    }
}

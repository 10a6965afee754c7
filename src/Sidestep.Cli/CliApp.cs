using System.CommandLine;
using System.Globalization;

namespace Sidestep.Cli;

/// <summary>The <c>sidestep</c> command: parses, runs, and turns every ending into a documented exit code.</summary>
/// <remarks>Exit codes: docs/exit-codes.md. No stack trace reaches the terminal; unexpected errors leave a diagnostic file.</remarks>
public static class CliApp
{
    private const int Usage = 64;
    private const int Internal = 70;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="stdout">Receives results.</param>
    /// <param name="stderr">Receives messages and progress.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter stdout, TextWriter stderr) => Run(args, new Terminal(stdout, stderr));

    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="terminal">Where to write.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, Terminal terminal) => Run(args, terminal, () => terminal);

    internal static int Run(string[] args, Terminal terminal, Func<Terminal> build)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        try
        {
            // Worker processes come and go in the middle of rounds: they skip the command tree.
            var built = build();
            return built.Trainer.TryRunWorkerAsync(args).GetAwaiter().GetResult() ?? Invoke(args, built);
        }
        catch (CompositionException error)
        {
            terminal.Error.WriteLine("error: this plan is not sound:");
            foreach (var problem in error.Problems)
            {
                terminal.Error.WriteLine($"  - {problem}");
            }

            return error.ExitCode;
        }
        catch (SidestepException error)
        {
            terminal.Error.WriteLine($"error: {error.Message}");
            return error.ExitCode;
        }
        catch (Exception error)
        {
            terminal.Error.WriteLine($"error: something unexpected happened: {error.Message} Details: {Diagnose(error, args)}");
            return Internal;
        }
    }

    private static int Invoke(string[] args, Terminal terminal)
    {
        var root = CommandTree.Create(terminal);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExample)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Error.WriteLine($"error: {error.Message}");
            }

            terminal.Error.WriteLine($"See: {CommandTree.PathOf(parsed.CommandResult.Command, terminal.Program)} --help");
            return Usage;
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static string Diagnose(Exception error, string[] args)
    {
        try
        {
            var path = Path.Combine(Path.GetTempPath(), $"sidestep-{Guid.NewGuid():n}.txt");
            File.WriteAllText(path, string.Create(
                CultureInfo.InvariantCulture, $"sidestep {string.Join(' ', args)}\n.NET {Environment.Version}\n\n{error}\n"));
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"none, since the diagnostic file could not be written: {e.Message}";
        }
    }
}

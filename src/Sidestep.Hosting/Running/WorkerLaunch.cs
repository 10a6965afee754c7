using System.Reflection;

namespace Sidestep.Hosting;

/// <summary>The command that starts a worker process; slot, coordinator and spec are appended to its arguments.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Its first arguments, up to and with <c>worker</c>.</param>
public sealed record WorkerLaunch(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>The first argument of a program that is started as a worker.</summary>
    public const string Verb = "worker";

    /// <summary>Starts this very program again: its own executable, or <c>dotnet exec</c> with its assembly if the runtime's launcher started it.</summary>
    public static WorkerLaunch ThisProgram()
    {
        var program = Environment.ProcessPath ?? string.Empty;
        var assembly = Assembly.GetEntryAssembly()?.Location ?? string.Empty;
        var isLauncher = Path.GetFileNameWithoutExtension(program) is "dotnet" or "";
        return isLauncher && assembly.Length > 0
            ? new WorkerLaunch(program.Length > 0 ? program : "dotnet", ["exec", assembly, Verb])
            : new WorkerLaunch(program, [Verb]);
    }
}

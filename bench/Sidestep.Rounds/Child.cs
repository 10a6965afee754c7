using System.Diagnostics;

namespace Sidestep.Rounds;

/// <summary>Starts this program again, as a worker.</summary>
internal static class Child
{
    public static string FileName => Environment.ProcessPath!;

    public static IEnumerable<string> Arguments(params string[] arguments) =>
        Path.GetFileNameWithoutExtension(FileName) == "dotnet" ? [typeof(Child).Assembly.Location, .. arguments] : arguments;

    public static Process Start(params string[] arguments) => Process.Start(FileName, Arguments(arguments));
}

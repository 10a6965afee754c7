using System.CommandLine;

namespace Sidestep.Cli;

/// <summary>Flags that several commands have.</summary>
internal static class Flags
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output and nothing else." };
}

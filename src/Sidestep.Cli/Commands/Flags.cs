using System.CommandLine;

namespace Sidestep.Cli;

/// <summary>Flags that several commands have.</summary>
internal static class Flags
{
    public static Option<string[]> Set() => new("--set")
    {
        Description = "Overrides a key of the spec: path=value, such as code.stragglers=1. May be repeated.",
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output and nothing else." };
}

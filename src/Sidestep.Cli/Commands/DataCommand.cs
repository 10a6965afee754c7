using System.CommandLine;

namespace Sidestep.Cli;

/// <summary><c>sidestep data import|verify|show|generate</c>: data sets larger than memory.</summary>
internal static class DataCommand
{
    public static Command Create(Terminal terminal) => new("data", "Imports data into checksummed shards, verifies, shows and generates them.")
    {
        DataImportCommand.Create(terminal),
        DataVerifyCommand.Create(terminal),
        DataShowCommand.Create(terminal),
        DataGenerateCommand.Create(terminal),
    };
}

using System.CommandLine;

namespace Sidestep.Cli;

/// <summary><c>sidestep new NAME</c>: a project with a model and data of its own, that trains at once.</summary>
internal static class NewCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The project's name; a folder of this name is made." };
        var packages = new Option<string?>("--packages")
        {
            Description = "A folder of Sidestep's packages, as 'dotnet pack' makes; absent: the package sources of this machine.",
        };
        var command = new Command("new", "Writes a working project with a model and data of its own.") { name, packages };
        command.SetAction(parsed =>
        {
            var project = parsed.GetValue(name)!;
            var files = NewProject.Write(project, Directory.GetCurrentDirectory(), parsed.GetValue(packages) ?? Checkout.Packages());
            terminal.Out.WriteLine($"{project}: {string.Join(", ", files)}");
            terminal.Out.WriteLine($"next:\n  cd {project}\n  dotnet run -- run run.json --fabric tcp\n  dotnet run -- check run.json");
            return 0;
        });
        return command;
    }
}

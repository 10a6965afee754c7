using System.CommandLine;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary><c>sidestep export RUN|STATE --out FILE</c>: the model of a snapshot as a safetensors file.</summary>
internal static class ExportCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("RUN") { Description = "A run's folder, or a snapshot in it." };
        var target = new Option<string>("--out", "-o") { Description = "The safetensors file to write.", Required = true };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("export", "Writes the model of a run's snapshot as a safetensors file.") { source, target, force };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(target)!;
            if (File.Exists(path) && !parsed.GetValue(force))
            {
                throw new OperatingSystemException($"{path} exists: replace it with --force, or choose another name with --out", 73);
            }

            var model = ModelExport.FromRun(parsed.GetValue(source)!);
            ModelExport.Write(path, model);
            terminal.Out.WriteLine($"{path}: {model.Shape.Length} parameters in {model.Shape.Tensors.Length} tensors after round {model.Metadata["round"]}");
            return 0;
        });
        return command;
    }
}

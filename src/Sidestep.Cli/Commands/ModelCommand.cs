using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>A model's file.</summary>
/// <param name="Parameters">All parameters.</param>
/// <param name="Tensors">Its tensors.</param>
/// <param name="Metadata">Texts in it.</param>
internal sealed record ModelView(int Parameters, IReadOnlyList<TensorView> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dimensions">Its sizes.</param>
/// <param name="Norm">Its Euclidean norm; absent if a value is not finite.</param>
/// <param name="Largest">Its largest magnitude; absent if a value is not finite.</param>
internal sealed record TensorView(string Name, IReadOnlyList<int> Dimensions, double? Norm, double? Largest);

/// <summary><c>sidestep model show FILE</c>: what a safetensors file holds.</summary>
internal static class ModelCommand
{
    public static Command Create(Terminal terminal) =>
        new("model", "Looks at saved models.") { CreateShow(terminal) };

    private static Command CreateShow(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A safetensors file of float32 tensors." };
        var json = Flags.Json();
        var command = new Command("show", "Prints names, sizes and norms of a model's tensors.") { file, json };
        command.SetAction(parsed =>
        {
            var view = View(SafetensorsFile.Read(parsed.GetValue(file)!));
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.ModelView));
            }
            else
            {
                Print(terminal.Out, view);
            }

            return 0;
        });
        return command;
    }

    private static ModelView View(ExportedModel model)
    {
        var tensors = new List<TensorView>();
        var at = 0;
        foreach (var tensor in model.Shape.Tensors)
        {
            var values = model.Parameters.Span.Slice(at, tensor.Length);
            var finite = FiniteScan.AllFinite(values);
            tensors.Add(new TensorView(tensor.Name, tensor.Dimensions, finite ? Norms.L2(values) : null, finite ? Norms.LInf(values) : null));
            at += tensor.Length;
        }

        return new ModelView(model.Shape.Length, tensors, model.Metadata);
    }

    private static void Print(TextWriter output, ModelView view)
    {
        var width = view.Tensors.Max(t => t.Name.Length);
        foreach (var tensor in view.Tensors)
        {
            var norms = tensor is { Norm: { } norm, Largest: { } largest }
                ? string.Create(CultureInfo.InvariantCulture, $"norm {norm:0.####}, largest {largest:0.####}")
                : "NOT FINITE";
            output.WriteLine($"{tensor.Name.PadRight(width)}  {string.Join('×', tensor.Dimensions),-12}  {norms}");
        }

        output.WriteLine($"{view.Parameters} parameters");
        foreach (var (key, value) in view.Metadata)
        {
            output.WriteLine($"{key}: {value}");
        }
    }
}

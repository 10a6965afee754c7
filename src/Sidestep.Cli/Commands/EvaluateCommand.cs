using System.CommandLine;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>What evaluating a model came to.</summary>
/// <param name="Model">The model's file.</param>
/// <param name="Metrics">By set and name.</param>
internal sealed record EvaluationView(string Model, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double?>> Metrics);

/// <summary><c>sidestep evaluate MODEL SPEC</c>: measures a saved model on a spec's validation set and test set.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A safetensors file, such as a run's best.safetensors." };
        var spec = new Argument<string>("SPEC") { Description = "A spec file that says objective and data." };
        var set = new Option<string[]>("--set") { Description = "Overrides a key of the spec: path=value. May be repeated.", AllowMultipleArgumentsPerToken = false };
        var json = Flags.Json();
        var command = new Command("evaluate", "Measures a saved model on a spec's validation set and test set.") { model, spec, set, json };
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(model)!;
            using var signals = new Signals(terminal.Error);
            var measured = ModelEvaluation.Measure(file, terminal.Trainer.Load(parsed.GetValue(spec)!, parsed.GetValue(set)), signals.Drain);
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(View(file, measured), CliJson.Default.EvaluationView));
                return 0;
            }

            foreach (var line in MetricText.Lines([.. measured.SelectMany(s => s.Evaluation.Metrics.Select(m => m with { Name = $"{s.Set}.{m.Name}" }))]))
            {
                terminal.Out.WriteLine(line);
            }

            return 0;
        });
        return command;
    }

    // JSON has no NaN and no infinity.
    private static EvaluationView View(string file, IReadOnlyList<(string Set, Evaluation Evaluation)> measured) => new(
        file,
        measured.ToDictionary(
            s => s.Set,
            IReadOnlyDictionary<string, double?> (s) => s.Evaluation.Metrics.ToDictionary(m => m.Name, m => double.IsFinite(m.Value) ? m.Value : (double?)null)));
}

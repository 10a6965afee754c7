using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Measures saved models.</summary>
/// <remarks><code>var measured = ModelEvaluation.Measure("best.safetensors", SpecFile.Load("spec.json"));</code></remarks>
public static class ModelEvaluation
{
    /// <summary>Measures a model on the validation set and the test set of a spec.</summary>
    /// <param name="model">A safetensors file.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>The sets' names and what was measured.</returns>
    /// <exception cref="ConfigurationException">The model does not fit the spec's objective, or the spec has nothing to measure on.</exception>
    /// <exception cref="DataException">The file or the data cannot be used.</exception>
    public static IReadOnlyList<(string Set, Evaluation Evaluation)> Measure(string model, ResolvedSpec spec, CancellationToken stop = default)
    {
        var saved = SafetensorsFile.Read(model);
        using var planned = RunPlanner.Build(spec, stop: stop);
        var plan = planned.Plan;
        if (plan.Evaluations.IsEmpty)
        {
            throw new ConfigurationException(
                "the spec has neither a validation set nor a test set to measure on: add validation, such as { \"fraction\": 0.1 }, or a test set");
        }

        var parameters = saved.Arranged(plan.Shape, model);
        return [.. plan.Evaluations.Select(set => (set.Name, set.Measure(parameters, stop)))];
    }
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>Rows to choose models by, apart from the test set. Exactly one of <paramref name="Fraction"/> and <paramref name="Data"/> is given.</summary>
/// <param name="Fraction">Share of the training rows that is held out.</param>
/// <param name="Seed">The seed of which rows; absent: the run's seed.</param>
/// <param name="Data">Data of its own, without a test set.</param>
public sealed record ValidationSpec(
    [property: Range(0, 1)] double? Fraction = null, ulong? Seed = null, [property: JsonConverter(typeof(DataSpecConverter))] DataSpec? Data = null);

/// <summary>Which metric says which model is best, and when a run ends before its last round.</summary>
/// <param name="Metric">Full name, such as <c>validation.accuracy</c>; absent: the loss on the validation set, or else on the test set.</param>
/// <param name="Patience">The run ends after so many evaluations in a row without improvement; 0: not for this reason.</param>
/// <param name="MinDelta">What an improvement must exceed.</param>
/// <param name="Target">The run ends when the metric is as good as this; absent: not for this reason.</param>
/// <param name="Mode">Whether small or large values are good; <c>auto</c>: told from the metric's name.</param>
public sealed record StopSpec(
    string? Metric = null,
    [property: Range(0, 1_000_000)] int Patience = 0,
    [property: Range(0, 1e300)] double MinDelta = 0,
    double? Target = null,
    [property: AllowedValues("auto", "min", "max")] string Mode = "auto");

/// <summary>Bounds on the decoded mean gradient (at <c>local-descent</c>: on every local step's gradient).</summary>
/// <param name="Norm">Largest Euclidean norm; absent: no bound.</param>
/// <param name="Value">Largest magnitude of a component; absent: no bound.</param>
public sealed record ClipSpec(
    [property: Range(1e-30, 1e30)] double? Norm = null, [property: Range(1e-30, 1e30)] double? Value = null);

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>How the learning rate changes with the round.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(StepScheduleSpec), "step")]
[JsonDerivedType(typeof(CosineScheduleSpec), "cosine")]
[JsonDerivedType(typeof(InverseTimeScheduleSpec), "inverse-time")]
[JsonDerivedType(typeof(LinearScheduleSpec), "linear")]
[JsonDerivedType(typeof(ExponentialScheduleSpec), "exponential")]
[JsonDerivedType(typeof(OneCycleScheduleSpec), "one-cycle")]
[JsonDerivedType(typeof(PlateauScheduleSpec), "plateau")]
public abstract record ScheduleSpec;

/// <summary>rate · factor^⌊round / every⌋.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Every">Rounds between changes.</param>
public sealed record StepScheduleSpec(
    [property: Range(0, 1)] double Factor, [property: Range(1, 1_000_000_000)] long Every) : ScheduleSpec;

/// <summary>Half a cosine from the rate down to a floor at the run's last round.</summary>
/// <param name="Floor">The last rate.</param>
public sealed record CosineScheduleSpec([property: Range(0, 1e6)] double Floor = 0) : ScheduleSpec;

/// <summary>rate · offset / (offset + round).</summary>
/// <param name="Offset">The round at which half the rate is left.</param>
public sealed record InverseTimeScheduleSpec([property: Range(1e-6, 1e12)] double Offset) : ScheduleSpec;

/// <summary>A straight line from the rate down to a floor at the run's last round.</summary>
/// <param name="Floor">The last rate.</param>
public sealed record LinearScheduleSpec([property: Range(0, 1e6)] double Floor = 0) : ScheduleSpec;

/// <summary>rate · factor^(round / every), without steps.</summary>
/// <param name="Factor">What is left of the rate after <paramref name="Every"/> rounds.</param>
/// <param name="Every">Rounds.</param>
public sealed record ExponentialScheduleSpec(
    [property: Range(1e-12, 1)] double Factor, [property: Range(1, 1_000_000_000)] long Every) : ScheduleSpec;

/// <summary>Up from rate/divide to the rate, then down to rate/(divide · finalDivide) at the run's last round, both along half a cosine.</summary>
/// <param name="Rise">Share of the rounds that go up.</param>
/// <param name="Divide">The rate divided by the first one.</param>
/// <param name="FinalDivide">The first rate divided by the last.</param>
public sealed record OneCycleScheduleSpec(
    [property: Range(0.001, 0.999)] double Rise = 0.3,
    [property: Range(1, 1e9)] double Divide = 25,
    [property: Range(1, 1e12)] double FinalDivide = 10_000) : ScheduleSpec;

/// <summary>rate · factor whenever the watched metric has not improved for some evaluations.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Patience">Evaluations in a row without improvement.</param>
/// <param name="Floor">The rate does not go below this.</param>
public sealed record PlateauScheduleSpec(
    [property: Range(1e-6, 0.999999)] double Factor = 0.5,
    [property: Range(1, 1_000_000)] int Patience = 5,
    [property: Range(0, 1e6)] double Floor = 0) : ScheduleSpec;

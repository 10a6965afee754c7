using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>How the parameters move along the mean gradient.</summary>
/// <param name="Rate">The learning rate, the first one if there is a schedule.</param>
/// <param name="Schedule">How the rate changes; absent: not at all.</param>
/// <param name="WarmUp">Rounds over which the rate rises from near 0.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "name")]
[JsonDerivedType(typeof(SgdSpec), "sgd")]
[JsonDerivedType(typeof(MomentumSpec), "momentum")]
[JsonDerivedType(typeof(NesterovSpec), "nesterov")]
[JsonDerivedType(typeof(AdamSpec), "adam")]
[JsonDerivedType(typeof(AdamWSpec), "adamw")]
public abstract record OptimizerSpec(
    [property: Range(0, 1e6)] double Rate, ScheduleSpec? Schedule, [property: Range(0, 1_000_000_000)] long WarmUp);

/// <summary>Plain gradient steps.</summary>
/// <param name="Rate">The learning rate, the first one if there is a schedule.</param>
/// <param name="Schedule">How the rate changes; absent: not at all.</param>
/// <param name="WarmUp">Rounds over which the rate rises from near 0.</param>
public sealed record SgdSpec(double Rate, ScheduleSpec? Schedule = null, long WarmUp = 0)
    : OptimizerSpec(Rate, Schedule, WarmUp);

/// <summary>Heavy-ball momentum.</summary>
/// <param name="Rate">The learning rate, the first one if there is a schedule.</param>
/// <param name="Momentum">Share of the velocity kept per round.</param>
/// <param name="Schedule">How the rate changes; absent: not at all.</param>
/// <param name="WarmUp">Rounds over which the rate rises from near 0.</param>
public sealed record MomentumSpec(
    double Rate, [property: Range(0, 1)] double Momentum = 0.9, ScheduleSpec? Schedule = null, long WarmUp = 0)
    : OptimizerSpec(Rate, Schedule, WarmUp);

/// <summary>Nesterov's momentum.</summary>
/// <param name="Rate">The learning rate, the first one if there is a schedule.</param>
/// <param name="Momentum">Share of the velocity kept per round; absent: the sequence (k − 1)/(k + 2).</param>
/// <param name="Schedule">How the rate changes; absent: not at all.</param>
/// <param name="WarmUp">Rounds over which the rate rises from near 0.</param>
public sealed record NesterovSpec(
    double Rate, [property: Range(0, 1)] double? Momentum = null, ScheduleSpec? Schedule = null, long WarmUp = 0)
    : OptimizerSpec(Rate, Schedule, WarmUp);

/// <summary>Adam.</summary>
/// <param name="Rate">The learning rate, the first one if there is a schedule.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Schedule">How the rate changes; absent: not at all.</param>
/// <param name="WarmUp">Rounds over which the rate rises from near 0.</param>
public sealed record AdamSpec(
    double Rate,
    [property: Range(0, 1)] double Beta1 = 0.9,
    [property: Range(0, 1)] double Beta2 = 0.999,
    [property: Range(1e-30, 1)] double Epsilon = 1e-8,
    ScheduleSpec? Schedule = null,
    long WarmUp = 0)
    : OptimizerSpec(Rate, Schedule, WarmUp);

/// <summary>Adam with decoupled weight decay.</summary>
/// <param name="Rate">The learning rate, the first one if there is a schedule.</param>
/// <param name="Decay">Decay of the weights, times the rate, per round.</param>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="Schedule">How the rate changes; absent: not at all.</param>
/// <param name="WarmUp">Rounds over which the rate rises from near 0.</param>
public sealed record AdamWSpec(
    double Rate,
    [property: Range(0, 1e6)] double Decay = 0.01,
    [property: Range(0, 1)] double Beta1 = 0.9,
    [property: Range(0, 1)] double Beta2 = 0.999,
    [property: Range(1e-30, 1)] double Epsilon = 1e-8,
    ScheduleSpec? Schedule = null,
    long WarmUp = 0)
    : OptimizerSpec(Rate, Schedule, WarmUp);

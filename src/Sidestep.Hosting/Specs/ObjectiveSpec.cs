using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Sidestep.Hosting;

/// <summary>The model and its loss; sizes of input and output come from the data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LeastSquaresSpec), "least-squares")]
[JsonDerivedType(typeof(LogisticSpec), "logistic")]
[JsonDerivedType(typeof(SoftmaxSpec), "softmax")]
[JsonDerivedType(typeof(PerceptronSpec), "perceptron")]
[JsonDerivedType(typeof(NetworkSpec), "network")]
[JsonDerivedType(typeof(ExecSpec), "exec")]
public abstract record ObjectiveSpec;

/// <summary>Linear regression.</summary>
/// <param name="L2">Weight of the penalty ½‖w‖² per sample.</param>
public sealed record LeastSquaresSpec([property: Range(0, 1e6)] double L2 = 0) : ObjectiveSpec;

/// <summary>Two classes, logistic loss.</summary>
/// <param name="L2">Weight of the penalty ½‖w‖² per sample.</param>
public sealed record LogisticSpec([property: Range(0, 1e6)] double L2 = 0) : ObjectiveSpec;

/// <summary>Several classes, linear scores, cross-entropy.</summary>
/// <param name="L2">Weight of the penalty ½‖w‖² per sample.</param>
public sealed record SoftmaxSpec([property: Range(0, 1e6)] double L2 = 0) : ObjectiveSpec;

/// <summary>Several classes, a multi-layer perceptron, cross-entropy.</summary>
/// <param name="Hidden">Widths of the hidden layers, from the input; at least one.</param>
/// <param name="Activation">The hidden layers' activation.</param>
/// <param name="L2">Weight of the penalty ½‖w‖² per sample.</param>
public sealed record PerceptronSpec(
    [property: Length(1, 32), Range(1, 1_000_000)] ImmutableArray<int> Hidden,
    [property: AllowedValues("relu", "tanh")] string Activation = "relu",
    [property: Range(0, 1e6)] double L2 = 0) : ObjectiveSpec;

/// <summary>Several classes, a network of layers, cross-entropy. Docs: <c>docs/networks.md</c>.</summary>
/// <param name="Layers">The layers, from the input.</param>
/// <param name="Input">What a data row is; absent: one plain vector.</param>
/// <param name="L2">Weight of the penalty ½‖w‖² per sample; offsets and gains are free of it.</param>
public sealed record NetworkSpec(
    [property: Length(1, 1024)] ImmutableArray<LayerSpec> Layers,
    InputSpec? Input = null,
    [property: Range(0, 1e6)] double L2 = 0) : ObjectiveSpec;

/// <summary>Another program that computes loss and gradient; <c>{ "exec": […] }</c> is short for it. Docs: <c>docs/exec.md</c>.</summary>
/// <param name="Command">The program and its arguments; it runs in the spec's folder.</param>
/// <param name="Timeout">The longest it may take for one answer.</param>
/// <param name="Deterministic">Whether equal questions get equal bytes: <c>auto</c> asks twice, <c>yes</c> and <c>no</c> take the author's word.</param>
public sealed record ExecSpec(
    [property: Length(1, 256)] ImmutableArray<string> Command,
    string Timeout = "60s",
    [property: AllowedValues("auto", "yes", "no")] string Deterministic = "auto") : ObjectiveSpec;

using System.Collections.Immutable;
using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks.Sequences;

/// <summary>One layer on its own with random parameters, samples and δ: the loss is ⟨δ, output⟩.</summary>
internal sealed class LayerBench
{
    public LayerBench(Layer layer, MapShape input, int samples, KernelChoice kernels, int tokens = 0)
    {
        (Layer, Input, Samples) = (layer, input, samples);
        Tensors = layer.Tensors(input);
        Lengths = [.. Tensors.Select(t => new TensorShape(t.Name, t.Dimensions).Length)];
        Parameters = Objectives.Samples.Gaussian(1, Lengths.Sum(), 0.5);
        Values = tokens == 0
            ? Objectives.Samples.Gaussian(2, samples * input.Length)
            : [.. Enumerable.Range(0, samples * input.Length).Select(i => (float)(i * 7 % 5 * i % tokens))];
        Output = new float[samples * layer.Output(input).Length];
        Delta = Objectives.Samples.Gaussian(3, Output.Length);
        InputDelta = new float[Values.Length];
        Pass = layer.Open(input, MatrixProduct.Create(kernels));
    }

    public Layer Layer { get; }

    public MapShape Input { get; }

    public int Samples { get; }

    public ImmutableArray<LayerTensor> Tensors { get; }

    public ImmutableArray<int> Lengths { get; }

    public float[] Parameters { get; }

    public float[] Values { get; }

    public float[] Output { get; }

    public float[] Delta { get; }

    public float[] InputDelta { get; }

    public LayerPass Pass { get; }

    public LayerState State(bool isBackward) => new()
    {
        Samples = Samples,
        Parameters = Parameters,
        Input = Values,
        Output = Output,
        Delta = isBackward ? Delta : default,
    };

    public void Run()
    {
        Pass.Forward(State(isBackward: false));
        Pass.Backward(State(isBackward: true), InputDelta);
    }

    /// <summary>The gradient of all tensors, on top of what is there.</summary>
    public void AddGradient(Span<float> sum)
    {
        for (int tensor = 0, at = 0; tensor < Lengths.Length; at += Lengths[tensor++])
        {
            Pass.AddGradient(tensor, State(isBackward: true), sum.Slice(at, Lengths[tensor]));
        }
    }

    /// <summary>Central differences, in double, of ⟨δ, reference output⟩ in some of its arguments.</summary>
    public double[] Differences(bool inParameters)
    {
        const double H = 1e-5;
        var (parameters, values) = (Objectives.Samples.Wide(Parameters), Objectives.Samples.Wide(Values));
        var moved = inParameters ? parameters : values;
        var result = new double[moved.Length];
        for (var i = 0; i < moved.Length; i++)
        {
            var at = moved[i];
            moved[i] = at + H;
            var above = Loss();
            moved[i] = at - H;
            result[i] = (above - Loss()) / (2 * H);
            moved[i] = at;
        }

        return result;

        double Loss() => DoubleSequence.Forward(Layer, Input, parameters, values).Select((v, i) => v * Delta[i]).Sum();
    }
}

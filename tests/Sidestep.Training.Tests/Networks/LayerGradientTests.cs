using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks;

/// <summary>Every layer alone against its definition in double and central differences of that.</summary>
public sealed class LayerGradientTests
{
    // A value is a sum of up to some hundred products of floats: relative to the vector's norm the roundings stay well below 1e-6.
    private const double FloatError = 2e-6;

    // Layers are at most cubic near a point: with h = 1e-5 differences err by h² and by 1e-16/h.
    private const double Step = 1e-5;

    public static TheoryData<string> Cases => [.. Layers.Keys];

    private static Dictionary<string, (Layer Layer, MapShape Input)> Layers { get; } = new()
    {
        ["dense"] = (new Dense(7), MapShape.Vector(11)),
        ["dense-per-position"] = (new Dense(9), new MapShape(3, 2, 5)),
        ["convolution-3-padded"] = (new Convolution(10, 3, Padding: 1), new MapShape(6, 5, 4)),
        ["convolution-one-channel"] = (new Convolution(17, 3, Padding: 1), new MapShape(7, 6, 1)),
        ["convolution-stride-2"] = (new Convolution(4, 3, Stride: 2), new MapShape(8, 7, 3)),
        ["convolution-5-wide-padding"] = (new Convolution(3, 5, Stride: 3, Padding: 4), new MapShape(4, 6, 16)),
        ["convolution-1"] = (new Convolution(6, 1), new MapShape(3, 4, 5)),
        ["convolution-1-stride-2"] = (new Convolution(6, 1, Stride: 2), new MapShape(5, 4, 3)),
        ["max-pooling-2"] = (new MaxPooling(2), new MapShape(6, 4, 16)),
        ["max-pooling-2-rest"] = (new MaxPooling(2), new MapShape(5, 7, 11)),
        ["max-pooling-3-overlapping"] = (new MaxPooling(3, Stride: 1), new MapShape(5, 6, 9)),
        ["max-pooling-gaps"] = (new MaxPooling(1, Stride: 2), new MapShape(5, 6, 2)),
        ["mean-pooling-2"] = (new MeanPooling(2), new MapShape(4, 6, 16)),
        ["mean-pooling-3-overlapping"] = (new MeanPooling(3, Stride: 2), new MapShape(7, 5, 9)),
        ["relu"] = (new Relu(), new MapShape(3, 3, 5)),
        ["tanh"] = (new Tanh(), new MapShape(3, 3, 5)),
        ["gelu"] = (new Gelu(), new MapShape(3, 3, 5)),
        ["layer-norm"] = (new LayerNorm(), new MapShape(2, 3, 13)),
        ["layer-norm-few-channels"] = (new LayerNorm(), MapShape.Vector(4)),
        ["flatten"] = (new Flatten(), new MapShape(2, 3, 4)),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_equals_the_definition_in_double(string name)
    {
        foreach (var (scene, product) in Scenes(name))
        {
            Assert.InRange(Samples.Distance(Samples.Wide(scene.Run(product).Output), scene.Outputs()), 0, FloatError);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Delta_of_the_input_and_gradients_equal_central_differences(string name)
    {
        foreach (var (scene, product) in Scenes(name))
        {
            var (_, inputDelta, gradient) = scene.Run(product);
            var (parameters, x) = (Samples.Wide(scene.Parameters), Samples.Wide(scene.X));
            Assert.InRange(Samples.Distance(Samples.Wide(inputDelta), Differences(x, () => scene.Loss(parameters, x))), 0, FloatError);
            if (gradient.Length > 0)
            {
                Assert.InRange(Samples.Distance(Samples.Wide(gradient), Differences(parameters, () => scene.Loss(parameters, x))), 0, FloatError);
            }
        }
    }

    internal static double[] Differences(double[] at, Func<double> loss)
    {
        var slopes = new double[at.Length];
        for (var i = 0; i < at.Length; i++)
        {
            var value = at[i];
            at[i] = value + Step;
            var above = loss();
            at[i] = value - Step;
            slopes[i] = (above - loss()) / (2 * Step);
            at[i] = value;
        }

        return slopes;
    }

    private static IEnumerable<(LayerScene Scene, IMatrixProduct Product)> Scenes(string name)
    {
        var (layer, input) = Layers[name];
        foreach (var kernels in new[] { KernelChoice.Managed, KernelChoice.Auto })
        {
            yield return (new LayerScene(layer, input, 5), MatrixProduct.Create(kernels));
        }
    }
}

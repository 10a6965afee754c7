using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks;

/// <summary>Vector kernels against one value at a time, to the bit: lengths with and without a rest.</summary>
public sealed class LayerKernelTests
{
    private const int Rows = 300;

    public static TheoryData<int> Widths => [1, 3, 8, 16, 21, 40];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Column_sums_are_those_of_runs_of_rows(int columns)
    {
        var (matrix, other) = (Samples.Gaussian(1, Rows * columns), Samples.Gaussian(2, Rows * columns));
        var (sums, products) = (new float[columns], new float[columns]);
        ColumnSums.Add(matrix, sums);
        ColumnSums.AddProducts(matrix, other, products);
        for (var j = 0; j < columns; j++)
        {
            float sum = 0, product = 0;
            for (var start = 0; start < Rows; start += ColumnSums.Run)
            {
                float run = 0, runOfProducts = 0;
                for (var i = start; i < Math.Min(Rows, start + ColumnSums.Run); i++)
                {
                    run += matrix[(i * columns) + j];
                    runOfProducts += matrix[(i * columns) + j] * other[(i * columns) + j];
                }

                sum += run;
                product += runOfProducts;
            }

            Assert.Equal((sum, product), (sums[j], products[j]));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Gelu_is_that_of_single_values(int length)
    {
        var (x, delta) = (Samples.Gaussian(1, length, 2), Samples.Gaussian(2, length));
        float[] tanh = new float[length], y = new float[length], inputDelta = new float[length];
        GeluKernels.Inner(x, tanh);
        Assert.Equal(x.Select(GeluKernels.Inner), tanh);
        ElementaryFunctions.Tanh(tanh, tanh);
        GeluKernels.Outer(x, tanh, y);
        GeluKernels.Chain(x, tanh, delta, inputDelta);
        Assert.Equal(x.Zip(tanh, GeluKernels.Outer), y);
        Assert.Equal(x.Zip(tanh, GeluKernels.Slope).Zip(delta, (s, d) => d * s), inputDelta);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Pooling_of_many_channels_is_that_of_each_alone(int channels)
    {
        // Few distinct values, so that the largest is often there more than once; one that is none.
        var values = Samples.Gaussian(1, 4 * channels).Select(v => MathF.Round(v)).ToArray();
        values[channels] = float.NaN;
        var delta = Samples.Gaussian(2, channels);
        int[] offsets = [0, channels, 2 * channels, 3 * channels];
        float[] largest = new float[channels], mean = new float[channels], largestBack = new float[4 * channels], meanBack = new float[4 * channels];
        PoolingKernels.Max(ref values[0], offsets, largest);
        PoolingKernels.Mean(ref values[0], offsets, mean);
        PoolingKernels.MaxBack(ref values[0], offsets, delta, ref largestBack[0]);
        PoolingKernels.MeanBack(offsets, delta, ref meanBack[0]);
        for (var c = 0; c < channels; c++)
        {
            float[] window = [.. offsets.Select(o => values[o + c])];
            Assert.Equal(window.Aggregate(MathF.Max), largest[c]);
            Assert.Equal(window.Aggregate(0f, (a, b) => a + b) * 0.25f, mean[c]);
            var winner = Array.IndexOf(window, largest[c]);
            Assert.Equal(Enumerable.Range(0, 4).Select(k => k == winner && !float.IsNaN(largest[c]) ? delta[c] : 0), offsets.Select(o => largestBack[o + c]));
            Assert.Equal(Enumerable.Repeat(delta[c] * 0.25f, 4), offsets.Select(o => meanBack[o + c]));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Relu_takes_the_larger_of_value_and_zero_and_keeps_what_is_no_number(int length)
    {
        var values = Samples.Gaussian(1, length);
        (values[0], values[^1]) = (-0f, float.NaN);
        var result = values.ToArray();
        ActivationKernels.Apply(Activation.Relu, result);
        Assert.Equal(values.Select(v => BitConverter.SingleToInt32Bits(MathF.Max(v, 0f))), result.Select(BitConverter.SingleToInt32Bits));
    }
}

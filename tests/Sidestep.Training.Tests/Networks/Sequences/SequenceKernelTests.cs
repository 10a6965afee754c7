using System.Runtime.InteropServices;
using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks.Sequences;

/// <summary>Kernels of the layers over sequences against one value at a time, to the bit: lengths with and without a rest.</summary>
public sealed class SequenceKernelTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(29)]
    [InlineData(128)]
    public void Norm_of_a_row_is_that_of_single_values(int length)
    {
        float[] x = Samples.Gaussian(1, length), gain = Samples.Gaussian(2, length), offset = Samples.Gaussian(3, length), delta = Samples.Gaussian(4, length);
        float[] normed = new float[length], output = new float[length], result = new float[length];
        var scale = NormKernels.Forward(x, gain, offset, normed, output);
        NormKernels.Backward(delta, gain, normed, scale, result);

        var mean = Sum(x) / length;
        var centred = x.Select(v => v - mean).ToArray();
        var expectedScale = 1 / MathF.Sqrt((Sum([.. centred.Select(c => c * c)]) / length) + NormKernels.Epsilon);
        var expected = centred.Select(c => c * expectedScale).ToArray();
        Assert.Equal(expectedScale, scale);
        Assert.Equal(expected, normed);
        Assert.Equal(expected.Select((n, i) => (n * gain[i]) + offset[i]), output);

        var s = delta.Select((d, i) => d * gain[i]).ToArray();
        float level = Sum(s) / length, slope = Sum([.. s.Select((v, i) => v * expected[i])]) / length;
        Assert.Equal(s.Select((v, i) => ((v - level) - (slope * expected[i])) * scale), result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(35)]
    public void Causal_softmax_is_that_of_single_values(int length)
    {
        var weights = Samples.Gaussian(1, length * length, 3);
        var slopes = Samples.Gaussian(2, length * length);
        var (scores, before) = ((float[])weights.Clone(), (float[])slopes.Clone());
        CausalSoftmax.Forward(weights, length);
        CausalSoftmax.Backward(weights, slopes, length);
        for (var t = 0; t < length; t++)
        {
            var powers = scores[(t * length)..((t * length) + t + 1)];
            var largest = powers.Max();
            powers = [.. powers.Select(p => ScalarReference.Exp(p - largest))];
            double total = 0;
            foreach (var power in powers)
            {
                total += power;
            }

            var row = weights[(t * length)..((t + 1) * length)];
            Assert.Equal([.. powers.Select(p => p * (float)(1 / total)), .. new float[length - t - 1]], row);
            var along = (float)Dot.Product(row.AsSpan(0, t + 1), before.AsSpan(t * length, t + 1));
            Assert.Equal(
                [.. Enumerable.Range(0, t + 1).Select(j => (before[(t * length) + j] - along) * row[j]), .. new float[length - t - 1]],
                slopes[(t * length)..((t + 1) * length)]);
        }
    }

    [Fact]
    public void Gradient_of_a_transformer_has_its_pinned_bits()
    {
        const int Length = 21;
        const int Vocabulary = 13;
        var network = new Network(
            MapShape.Sequence(Length, 1),
            [
                new Embedding(Vocabulary, 20),
                new Positions(),
                new Residual([new LayerNorm(), new Attention(4)]),
                new Residual([new LayerNorm(), new Dense(36), new Gelu(), new Dense(20)]),
                new Dense(Vocabulary),
            ],
            new NextTokenLoss(Vocabulary),
            0.01,
            KernelChoice.Managed);
        var batch = new Batch
        {
            Count = 9,
            Features = Length,
            Values = Enumerable.Range(0, 9 * Length).Select(i => (float)(i * i % Vocabulary)).ToArray(),
            Labels = Enumerable.Range(0, 9).Select(i => (float)i).ToArray(),
        };
        var sum = new float[network.Shape.Length];
        network.Gradient(batch, Samples.Gaussian(2, sum.Length, 0.3), sum, default);
        Assert.Equal(0xDEFF1E065017FAA0UL, Checksum.Fingerprint(MemoryMarshal.AsBytes(sum.AsSpan())));
    }

    // Sixteen lanes, added pairwise, then the rest in order.
    private static float Sum(float[] values)
    {
        var whole = values.Length - (values.Length % 16);
        var lanes = new float[16];
        for (var i = 0; i < whole; i++)
        {
            lanes[i % 16] += values[i];
        }

        for (var half = 8; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++)
            {
                lanes[i] += lanes[i + half];
            }
        }

        var rest = 0f;
        foreach (var value in values[whole..])
        {
            rest += value;
        }

        return lanes[0] + rest;
    }
}

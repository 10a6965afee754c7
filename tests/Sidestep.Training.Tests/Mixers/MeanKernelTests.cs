using Sidestep.Training.Tests.Compression;

namespace Sidestep.Training.Tests.Mixers;

/// <summary>Vector code gives the bits of plain code.</summary>
public sealed class MeanKernelTests
{
    [Fact]
    public void Running_mean_with_vectors_has_the_bits_of_the_one_without()
    {
        for (var length = 0; length < 70; length++)
        {
            float[] mean = Vectors.LogUniform(length), value = Vectors.Gaussian(length, 2);
            float[] some = new float[length], others = new float[length];

            RunningMean.Step(mean, value, 1 / 3.0, some);
            RunningMean.StepScalar(mean, value, 1 / 3.0, others);

            Vectors.SameBits(others, some, $"length {length}");
        }
    }

    [Fact]
    public void Weighted_sum_with_vectors_has_the_bits_of_the_one_without()
    {
        for (var length = 0; length < 70; length++)
        {
            double[] some = new double[length], others = new double[length];
            for (var i = 0; i < 3; i++)
            {
                WeightedMean.Add(0.3 * i, Vectors.Gaussian(length, i), some);
                WeightedMean.AddScalar(0.3 * i, Vectors.Gaussian(length, i), others);
            }

            Assert.Equal(others, some);
        }
    }

    [Fact]
    public void Running_mean_of_opposite_giants_stays_finite()
    {
        var mean = new float[1];

        RunningMean.Step([float.MaxValue], [-float.MaxValue], 0.5, mean);

        Assert.Equal(0, mean[0]);
    }
}

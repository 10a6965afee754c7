namespace Sidestep.Training.Tests.Objectives;

/// <summary>Random samples, dense and sparse views of the same values, and vectors.</summary>
internal static class Samples
{
    public static Rng Rng(int seed, int index = 0) => new((ulong)seed, Purpose.Test, 0, 0, index);

    public static float[] Gaussian(int seed, int length, double scale = 1)
    {
        var rng = Rng(seed);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)(scale * rng.NextGaussian());
        }

        return values;
    }

    public static Batch Dense(int seed, int count, int features, Func<int, float> label)
    {
        // A third of the values are zero, so that the sparse view leaves something out.
        var values = Gaussian(seed, count * features);
        for (var i = 0; i < values.Length; i += 3)
        {
            values[i] = 0;
        }

        return new Batch
        {
            Count = count,
            Features = features,
            Values = values,
            Labels = Enumerable.Range(0, count).Select(label).ToArray(),
        };
    }

    public static Batch Sparse(in Batch dense)
    {
        var starts = new List<int> { 0 };
        var columns = new List<int>();
        var values = new List<float>();
        for (var i = 0; i < dense.Count; i++)
        {
            for (var f = 0; f < dense.Features; f++)
            {
                var value = dense.Values.Span[(i * dense.Features) + f];
                if (value != 0)
                {
                    columns.Add(f);
                    values.Add(value);
                }
            }

            starts.Add(columns.Count);
        }

        return dense with { Values = values.ToArray(), Columns = columns.ToArray(), RowStarts = starts.ToArray() };
    }

    public static double[] Wide(ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = values[i];
        }

        return wide;
    }

    /// <summary>‖x − y‖ / ‖y‖.</summary>
    public static double Distance(double[] x, double[] y) =>
        Math.Sqrt(x.Zip(y, (a, b) => (a - b) * (a - b)).Sum() / y.Sum(b => b * b));
}

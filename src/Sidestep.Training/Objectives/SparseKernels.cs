namespace Sidestep.Training;

/// <summary>Products with one sparse row; scalar, in storage order.</summary>
internal static class SparseKernels
{
    /// <summary>Σ values[j]·dense[columns[j]], summed in double.</summary>
    /// <exception cref="DataException">A column is outside the dense vector.</exception>
    public static double Dot(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, ReadOnlySpan<float> dense)
    {
        double sum = 0;
        for (var j = 0; j < columns.Length; j++)
        {
            BatchCheck.Column(columns[j], dense.Length);
            sum += (double)values[j] * dense[columns[j]];
        }

        return sum;
    }

    /// <summary>dense[columns[j]] += weight·values[j].</summary>
    /// <exception cref="DataException">A column is outside the dense vector.</exception>
    public static void Add(float weight, ReadOnlySpan<int> columns, ReadOnlySpan<float> values, Span<float> dense)
    {
        for (var j = 0; j < columns.Length; j++)
        {
            BatchCheck.Column(columns[j], dense.Length);
            dense[columns[j]] += weight * values[j];
        }
    }
}

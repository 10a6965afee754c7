namespace Sidestep.Training;

/// <summary>The l2 penalty of the weight tensors; biases are free of it.</summary>
/// <remarks>A sum over samples carries samples × penalty, so that sums of partitions divided by the number of samples give the penalised mean.</remarks>
internal static class WeightPenalty
{
    /// <summary>sum += samples·λ·w for every weight tensor (every other tensor, from the first).</summary>
    /// <returns>samples·λ/2·‖w‖².</returns>
    public static double AddGradient(ModelShape shape, double l2, int samples, ReadOnlySpan<float> model, Span<float> sum)
    {
        if (l2 == 0)
        {
            return 0;
        }

        for (int tensor = 0, at = 0; tensor < shape.Tensors.Length; tensor++)
        {
            var length = shape.Tensors[tensor].Length;
            if (IsPenalised(tensor))
            {
                Axpy.Add((float)(l2 * samples), model.Slice(at, length), sum.Slice(at, length));
            }

            at += length;
        }

        return Loss(shape, l2, samples, model);
    }

    /// <summary>samples·λ/2·‖w‖².</summary>
    public static double Loss(ModelShape shape, double l2, int samples, ReadOnlySpan<float> model)
    {
        if (l2 == 0)
        {
            return 0;
        }

        double squares = 0;
        for (int tensor = 0, at = 0; tensor < shape.Tensors.Length; tensor++)
        {
            var length = shape.Tensors[tensor].Length;
            squares += IsPenalised(tensor) ? Norms.SquaredL2(model.Slice(at, length)) : 0;
            at += length;
        }

        return samples * (l2 / 2) * squares;
    }

    // Tensors come in pairs: weight, bias.
    public static bool IsPenalised(int tensor) => tensor % 2 == 0;
}

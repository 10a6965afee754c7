using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>The l2 penalty of the weight tensors; biases are free of it.</summary>
/// <remarks>A sum over samples carries samples × penalty, so that sums of partitions divided by the number of samples give the penalised mean.</remarks>
internal static class WeightPenalty
{
    /// <summary>sum += samples·λ·w for every weight tensor (every other tensor, from the first).</summary>
    /// <returns>samples·λ/2·‖w‖².</returns>
    public static double AddGradient(ModelShape shape, double l2, int samples, ReadOnlySpan<float> model, Span<float> sum) =>
        AddGradient(shape, default, l2, samples, model, sum);

    /// <summary>sum += samples·λ·w for every weight tensor.</summary>
    /// <param name="shape">The tensors.</param>
    /// <param name="isWeight">For each tensor whether it is penalised; default: every other one, from the first.</param>
    /// <param name="l2">λ.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="model">The parameters.</param>
    /// <param name="sum">Added to.</param>
    /// <returns>samples·λ/2·‖w‖².</returns>
    public static double AddGradient(
        ModelShape shape, ImmutableArray<bool> isWeight, double l2, int samples, ReadOnlySpan<float> model, Span<float> sum)
    {
        if (l2 == 0)
        {
            return 0;
        }

        for (int tensor = 0, at = 0; tensor < shape.Tensors.Length; tensor++)
        {
            var length = shape.Tensors[tensor].Length;
            if (IsPenalised(isWeight, tensor))
            {
                Axpy.Add((float)(l2 * samples), model.Slice(at, length), sum.Slice(at, length));
            }

            at += length;
        }

        return Loss(shape, isWeight, l2, samples, model);
    }

    /// <summary>samples·λ/2·‖w‖² of every other tensor, from the first.</summary>
    public static double Loss(ModelShape shape, double l2, int samples, ReadOnlySpan<float> model) => Loss(shape, default, l2, samples, model);

    /// <summary>samples·λ/2·‖w‖² of the weight tensors.</summary>
    public static double Loss(ModelShape shape, ImmutableArray<bool> isWeight, double l2, int samples, ReadOnlySpan<float> model)
    {
        if (l2 == 0)
        {
            return 0;
        }

        double squares = 0;
        for (int tensor = 0, at = 0; tensor < shape.Tensors.Length; tensor++)
        {
            var length = shape.Tensors[tensor].Length;
            squares += IsPenalised(isWeight, tensor) ? Norms.SquaredL2(model.Slice(at, length)) : 0;
            at += length;
        }

        return samples * (l2 / 2) * squares;
    }

    // Without a word on it tensors come in pairs: weight, bias.
    public static bool IsPenalised(int tensor) => tensor % 2 == 0;

    private static bool IsPenalised(ImmutableArray<bool> isWeight, int tensor) => isWeight.IsDefault ? IsPenalised(tensor) : isWeight[tensor];
}

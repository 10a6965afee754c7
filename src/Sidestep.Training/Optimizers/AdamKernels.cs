using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Adam's pass. Multiplications and additions are separate and the root is correctly rounded, so the bits do not depend on the vector unit.</summary>
public static class AdamKernels
{
    /// <summary>Updates mean, square and parameters in one pass; the same bits as <see cref="StepScalar"/>.</summary>
    /// <param name="step">The step's scalars.</param>
    /// <param name="parameters">w; changed.</param>
    /// <param name="gradient">g, as long.</param>
    /// <param name="mean">m, as long; changed.</param>
    /// <param name="square">v, as long; changed.</param>
    public static void Step(
        in AdamStep step, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(parameters);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var m = MemoryMarshal.Cast<float, Vector<float>>(mean);
        var v = MemoryMarshal.Cast<float, Vector<float>>(square);
        var epsilon = new Vector<float>(step.Epsilon);
        for (var i = 0; i < w.Length; i++)
        {
            m[i] = (step.Beta1 * m[i]) + (step.Gain1 * g[i]);
            v[i] = (step.Beta2 * v[i]) + (step.Gain2 * (g[i] * g[i]));
            var root = (Vector.SquareRoot(v[i]) * step.Root) + epsilon;
            w[i] = (w[i] * step.Shrink) - (step.Rate * (m[i] / root));
        }

        StepScalar(step, w.Length * Vector<float>.Count, parameters, gradient, mean, square);
    }

    /// <summary>The reference, from an element on.</summary>
    /// <param name="step">The step's scalars.</param>
    /// <param name="start">The first element.</param>
    /// <param name="parameters">w; changed.</param>
    /// <param name="gradient">g, as long.</param>
    /// <param name="mean">m, as long; changed.</param>
    /// <param name="square">v, as long; changed.</param>
    public static void StepScalar(
        in AdamStep step, int start, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square)
    {
        for (var i = start; i < parameters.Length; i++)
        {
            mean[i] = (step.Beta1 * mean[i]) + (step.Gain1 * gradient[i]);
            square[i] = (step.Beta2 * square[i]) + (step.Gain2 * (gradient[i] * gradient[i]));
            var root = (MathF.Sqrt(square[i]) * step.Root) + step.Epsilon;
            parameters[i] = (parameters[i] * step.Shrink) - (step.Rate * (mean[i] / root));
        }
    }
}

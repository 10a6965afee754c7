using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sidestep.Training;

/// <summary>The passes of Nesterov's method. Multiplications and additions are separate, so the bits do not depend on the vector unit.</summary>
public static class NesterovKernels
{
    /// <summary>v ← betaPast·v + g, w ← w − rate·(g + betaNext·v), in one pass.</summary>
    /// <param name="rate">η.</param>
    /// <param name="betaPast">Multiplies the velocity so far.</param>
    /// <param name="betaNext">How far to look ahead along the new velocity.</param>
    /// <param name="parameters">w; changed.</param>
    /// <param name="gradient">g, as long.</param>
    /// <param name="velocity">v, as long; changed.</param>
    public static void Step(
        float rate, float betaPast, float betaNext, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity)
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(parameters);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var v = MemoryMarshal.Cast<float, Vector<float>>(velocity);
        for (var i = 0; i < w.Length; i++)
        {
            v[i] = (betaPast * v[i]) + g[i];
            w[i] -= rate * (g[i] + (betaNext * v[i]));
        }

        StepScalar(rate, betaPast, betaNext, w.Length * Vector<float>.Count, parameters, gradient, velocity);
    }

    /// <summary>The reference of <see cref="Step"/>, from an element on.</summary>
    /// <param name="rate">η.</param>
    /// <param name="betaPast">Multiplies the velocity so far.</param>
    /// <param name="betaNext">How far to look ahead along the new velocity.</param>
    /// <param name="start">The first element.</param>
    /// <param name="parameters">w; changed.</param>
    /// <param name="gradient">g, as long.</param>
    /// <param name="velocity">v, as long; changed.</param>
    public static void StepScalar(
        float rate, float betaPast, float betaNext, int start, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity)
    {
        for (var i = start; i < parameters.Length; i++)
        {
            velocity[i] = (betaPast * velocity[i]) + gradient[i];
            parameters[i] -= rate * (gradient[i] + (betaNext * velocity[i]));
        }
    }

    /// <summary>gᵀ(beta·v + g) in double, over eight fixed lanes: the same bits for every vector width.</summary>
    /// <param name="beta">Multiplies the velocity.</param>
    /// <param name="gradient">g.</param>
    /// <param name="velocity">v, as long.</param>
    public static double DotNext(float beta, ReadOnlySpan<float> gradient, ReadOnlySpan<float> velocity)
    {
        var g = MemoryMarshal.Cast<float, Vector256<float>>(gradient);
        var v = MemoryMarshal.Cast<float, Vector256<float>>(velocity);
        var low = Vector256<double>.Zero;
        var high = Vector256<double>.Zero;
        for (var i = 0; i < g.Length; i++)
        {
            var (gLow, gHigh) = Vector256.Widen(g[i]);
            var (nLow, nHigh) = Vector256.Widen((beta * v[i]) + g[i]);
            low += gLow * nLow;
            high += gHigh * nHigh;
        }

        double tail = 0;
        for (var i = g.Length * Vector256<float>.Count; i < gradient.Length; i++)
        {
            tail += (double)gradient[i] * ((beta * velocity[i]) + gradient[i]);
        }

        var sum = low + high;
        return (sum[0] + sum[2]) + (sum[1] + sum[3]) + tail;
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The parts of GELU around the tanh; element-wise, with the same bits at every vector width.</summary>
internal static class GeluKernels
{
    private const float Scale = 0.7978845608f;
    private const float Cubic = 0.044715f;

    /// <summary>u = √(2/π)·(x + 0.044715·x³).</summary>
    public static void Inner(ReadOnlySpan<float> x, Span<float> u)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(u);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var v = Vector.LoadUnsafe(ref from, (nuint)i);
            ((v + (v * v * v * Cubic)) * Scale).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            u[i] = Inner(x[i]);
        }
    }

    /// <summary>y = x/2·(1 + t).</summary>
    public static void Outer(ReadOnlySpan<float> x, ReadOnlySpan<float> tanh, Span<float> y)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var inner = ref MemoryMarshal.GetReference(tanh);
        ref var to = ref MemoryMarshal.GetReference(y);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var t = Vector.LoadUnsafe(ref inner, (nuint)i);
            (Vector.LoadUnsafe(ref from, (nuint)i) * 0.5f * (Vector<float>.One + t)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            y[i] = Outer(x[i], tanh[i]);
        }
    }

    /// <summary>δx = δ·(½(1 + t) + x/2·(1 − t²)·√(2/π)·(1 + 3·0.044715·x²)).</summary>
    public static void Chain(ReadOnlySpan<float> x, ReadOnlySpan<float> tanh, ReadOnlySpan<float> delta, Span<float> inputDelta)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var inner = ref MemoryMarshal.GetReference(tanh);
        ref var outer = ref MemoryMarshal.GetReference(delta);
        ref var to = ref MemoryMarshal.GetReference(inputDelta);
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var (v, t) = (Vector.LoadUnsafe(ref from, (nuint)i), Vector.LoadUnsafe(ref inner, (nuint)i));
            var bend = (Vector<float>.One - (t * t)) * ((Vector<float>.One + (v * v * (3 * Cubic))) * Scale);
            var slope = ((Vector<float>.One + t) * 0.5f) + (v * 0.5f * bend);
            (Vector.LoadUnsafe(ref outer, (nuint)i) * slope).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            inputDelta[i] = delta[i] * Slope(x[i], tanh[i]);
        }
    }

    /// <summary>One value of <see cref="Inner(ReadOnlySpan{float}, Span{float})"/>.</summary>
    public static float Inner(float x) => (x + (x * x * x * Cubic)) * Scale;

    /// <summary>One value of <see cref="Outer(ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float})"/>.</summary>
    public static float Outer(float x, float t) => x * 0.5f * (1 + t);

    /// <summary>The slope at one value.</summary>
    public static float Slope(float x, float t)
    {
        var bend = (1 - (t * t)) * ((1 + (x * x * (3 * Cubic))) * Scale);
        return ((1 + t) * 0.5f) + (x * 0.5f * bend);
    }
}

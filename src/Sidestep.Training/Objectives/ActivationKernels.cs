using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Nonlinearities over spans; element-wise, with the same bits at every vector width.</summary>
internal static class ActivationKernels
{
    /// <summary>z becomes σ(z). A NaN stays one.</summary>
    public static void Apply(Activation activation, Span<float> z)
    {
        if (activation == Activation.Relu)
        {
            Relu(z);
        }
        else
        {
            ElementaryFunctions.Tanh(z, z);
        }
    }

    /// <summary>δ becomes δ ⊙ σ′, by what σ gave.</summary>
    public static void Chain(Activation activation, ReadOnlySpan<float> activated, Span<float> delta)
    {
        if (activation == Activation.Relu)
        {
            ChainRelu(activated, delta);
        }
        else
        {
            ChainTanh(activated, delta);
        }
    }

    // max(z, 0), with +0 for −0; a NaN is not at most 0.
    private static void Relu(Span<float> z)
    {
        ref var at = ref MemoryMarshal.GetReference(z);
        var i = 0;
        for (; i <= z.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var x = Vector.LoadUnsafe(ref at, (nuint)i);
            Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<float>.Zero), Vector<float>.Zero, x).StoreUnsafe(ref at, (nuint)i);
        }

        for (; i < z.Length; i++)
        {
            z[i] = z[i] <= 0 ? 0 : z[i];
        }
    }

    private static void ChainRelu(ReadOnlySpan<float> activated, Span<float> delta)
    {
        ref var from = ref MemoryMarshal.GetReference(activated);
        ref var to = ref MemoryMarshal.GetReference(delta);
        var i = 0;
        for (; i <= delta.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var open = Vector.GreaterThan(Vector.LoadUnsafe(ref from, (nuint)i), Vector<float>.Zero);
            Vector.ConditionalSelect(open, Vector.LoadUnsafe(ref to, (nuint)i), Vector<float>.Zero).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < delta.Length; i++)
        {
            delta[i] = activated[i] > 0 ? delta[i] : 0;
        }
    }

    private static void ChainTanh(ReadOnlySpan<float> activated, Span<float> delta)
    {
        ref var from = ref MemoryMarshal.GetReference(activated);
        ref var to = ref MemoryMarshal.GetReference(delta);
        var i = 0;
        for (; i <= delta.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var a = Vector.LoadUnsafe(ref from, (nuint)i);
            (Vector.LoadUnsafe(ref to, (nuint)i) * (Vector<float>.One - (a * a))).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < delta.Length; i++)
        {
            delta[i] *= 1 - (activated[i] * activated[i]);
        }
    }
}

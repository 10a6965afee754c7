using System.Runtime.InteropServices;

namespace Sidestep.Tests;

/// <summary>Results pinned to the bit, so that a machine, a runtime switch or a rewrite that changes one is noticed.</summary>
public sealed class SameBitsEverywhereTests
{
    private static readonly float[] X = Smooth(1), Y = Smooth(2);

    private delegate void Function(ReadOnlySpan<float> source, Span<float> destination);

    [Fact]
    public void Sums_have_their_pinned_bits()
    {
        Assert.Equal(0x406D28176EEC5ABEL, BitConverter.DoubleToInt64Bits(Dot.Product(X, Y)));
        Assert.Equal(0x40A9DE6F52AEBC00L, BitConverter.DoubleToInt64Bits(Norms.L1(X)));
        Assert.Equal(0x40604FDF59913BC0L, BitConverter.DoubleToInt64Bits(Norms.L2(X)));
    }

    [Fact]
    public void Elementary_functions_have_their_pinned_bits()
    {
        Assert.Equal(0x365DACD5D322AFDFUL, Print(ElementaryFunctions.Exp));
        Assert.Equal(0x8665A850E423EE63UL, Print(ElementaryFunctions.Log));
        Assert.Equal(0x55C40BF0D23FC22DUL, Print(ElementaryFunctions.Tanh));
    }

    [Fact]
    public void Combinations_have_their_pinned_bits()
    {
        var target = Y.ToArray();
        Axpy.Add(0.1f, X, target);
        Assert.Equal(0xE549CCAEC77B70B2UL, Fingerprint(target));
    }

    private static ulong Print(Function function)
    {
        var result = new float[X.Length];
        function(X, result);

        // NaN has many encodings, of which processors choose different ones.
        return Fingerprint(result.Select(v => float.IsNaN(v) ? 0f : v).ToArray());
    }

    private static ulong Fingerprint(float[] values) => Checksum.Fingerprint(MemoryMarshal.AsBytes(values.AsSpan()));

    private static float[] Smooth(int seed)
    {
        var rng = new Rng((ulong)seed, Purpose.Test, 0, 0, 0);
        return Enumerable.Range(0, 1013).Select(_ => (float)(4 * rng.NextGaussian())).ToArray();
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sidestep;

/// <summary>A term of a sum over pairs of floats, in double.</summary>
internal interface ILaneTerm
{
    static abstract Vector256<double> Of(Vector256<double> x, Vector256<double> y);
}

/// <summary>Sums in sixteen double lanes whose bits depend on the values alone, not on the vector width or instruction set.</summary>
/// <remarks>Element i goes to lane i mod 16; lanes are then added pairwise 0+8, 1+9, …, then 0+4, …, 0+2, …, 0+1.
/// Products and squares of floats are exact in double, so only this order matters.</remarks>
internal static class LaneSum
{
    public const int Lanes = 16;

    public static double Sum<TTerm>(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
        where TTerm : ILaneTerm
    {
        // Lanes never hold −0, so adding the zeros behind the last elements changes nothing.
        var whole = x.Length - (x.Length % Lanes);
        Span<float> tail = stackalloc float[2 * Lanes];
        tail.Clear();
        x[whole..].CopyTo(tail);
        y[whole..].CopyTo(tail[Lanes..]);
        return Sum<TTerm>(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), (nuint)whole, ref tail[0]);
    }

    // Apart from the tail's copying, so that the four accumulators stay in registers.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Sum<TTerm>(ref float x, ref float y, nuint whole, ref float tail)
        where TTerm : ILaneTerm
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint i = 0; i < whole; i += Lanes)
        {
            s0 += Low<TTerm>(ref x, ref y, i);
            s1 += High<TTerm>(ref x, ref y, i);
            s2 += Low<TTerm>(ref x, ref y, i + 8);
            s3 += High<TTerm>(ref x, ref y, i + 8);
        }

        ref var tailOfY = ref Unsafe.Add(ref tail, Lanes);
        s0 += Low<TTerm>(ref tail, ref tailOfY, 0);
        s1 += High<TTerm>(ref tail, ref tailOfY, 0);
        s2 += Low<TTerm>(ref tail, ref tailOfY, 8);
        s3 += High<TTerm>(ref tail, ref tailOfY, 8);
        return Fold(s0, s1, s2, s3);
    }

    private static Vector256<double> Low<TTerm>(ref float x, ref float y, nuint at)
        where TTerm : ILaneTerm =>
        TTerm.Of(Vector256.WidenLower(Vector256.LoadUnsafe(ref x, at)), Vector256.WidenLower(Vector256.LoadUnsafe(ref y, at)));

    private static Vector256<double> High<TTerm>(ref float x, ref float y, nuint at)
        where TTerm : ILaneTerm =>
        TTerm.Of(Vector256.WidenUpper(Vector256.LoadUnsafe(ref x, at)), Vector256.WidenUpper(Vector256.LoadUnsafe(ref y, at)));

    private static double Fold(Vector256<double> s0, Vector256<double> s1, Vector256<double> s2, Vector256<double> s3)
    {
        var four = (s0 + s2) + (s1 + s3);
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}

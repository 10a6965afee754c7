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
        var s0 = Vector256<double>.Zero;
        var s1 = Vector256<double>.Zero;
        var s2 = Vector256<double>.Zero;
        var s3 = Vector256<double>.Zero;
        var whole = x.Length - (x.Length % Lanes);
        ref var px = ref MemoryMarshal.GetReference(x);
        ref var py = ref MemoryMarshal.GetReference(y);
        for (var i = 0; i < whole; i += Lanes)
        {
            Add<TTerm>(ref px, ref py, (nuint)i, ref s0, ref s1);
            Add<TTerm>(ref px, ref py, (nuint)i + 8, ref s2, ref s3);
        }

        if (whole < x.Length)
        {
            // Lanes never hold −0, so adding the padding's zeros changes nothing.
            Span<float> padded = stackalloc float[2 * Lanes];
            padded.Clear();
            x[whole..].CopyTo(padded);
            y[whole..].CopyTo(padded[Lanes..]);
            ref var p = ref MemoryMarshal.GetReference(padded);
            ref var q = ref padded[Lanes];
            Add<TTerm>(ref p, ref q, 0, ref s0, ref s1);
            Add<TTerm>(ref p, ref q, 8, ref s2, ref s3);
        }

        return Fold(s0, s1, s2, s3);
    }

    private static void Add<TTerm>(
        ref float x, ref float y, nuint at, ref Vector256<double> low, ref Vector256<double> high)
        where TTerm : ILaneTerm
    {
        var (xLow, xHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref x, at));
        var (yLow, yHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref y, at));
        low += TTerm.Of(xLow, yLow);
        high += TTerm.Of(xHigh, yHigh);
    }

    private static double Fold(Vector256<double> s0, Vector256<double> s1, Vector256<double> s2, Vector256<double> s3)
    {
        var four = (s0 + s2) + (s1 + s3);
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>One step of a weighted mean that travels: arithmetic in double, one rounding to float per step.</summary>
/// <remarks>Equal values stay exactly what they are, and the mean never leaves the range of the values, so nothing overflows. The bits do not depend on the vector width.
/// Source: West, "Updating mean and variance estimates: an improved method", CACM 22 (1979).</remarks>
internal static class RunningMean
{
    /// <summary>destination[i] = mean[i] + share·(value[i] − mean[i]).</summary>
    /// <param name="mean">The mean so far.</param>
    /// <param name="value">The next values.</param>
    /// <param name="share">Weight of the next values over the weight of all, 0 to 1.</param>
    /// <param name="destination">Overwritten; as long as the others.</param>
    public static void Step(ReadOnlySpan<float> mean, ReadOnlySpan<float> value, double share, Span<float> destination)
    {
        ref var m = ref MemoryMarshal.GetReference(mean);
        ref var x = ref MemoryMarshal.GetReference(value[..mean.Length]);
        ref var to = ref MemoryMarshal.GetReference(destination[..mean.Length]);
        var shares = new Vector<double>(share);
        var i = 0;
        for (; i <= mean.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(ref m, (nuint)i), out var meanLow, out var meanHigh);
            Vector.Widen(Vector.LoadUnsafe(ref x, (nuint)i), out var low, out var high);
            Vector.Narrow(meanLow + (shares * (low - meanLow)), meanHigh + (shares * (high - meanHigh))).StoreUnsafe(ref to, (nuint)i);
        }

        StepScalar(mean[i..], value[i..mean.Length], share, destination[i..]);
    }

    /// <summary>The same, one value after another.</summary>
    /// <param name="mean">The mean so far.</param>
    /// <param name="value">The next values.</param>
    /// <param name="share">Weight of the next values over the weight of all.</param>
    /// <param name="destination">Overwritten.</param>
    public static void StepScalar(ReadOnlySpan<float> mean, ReadOnlySpan<float> value, double share, Span<float> destination)
    {
        for (var i = 0; i < mean.Length; i++)
        {
            double before = mean[i];
            destination[i] = (float)(before + (share * (value[i] - before)));
        }
    }
}

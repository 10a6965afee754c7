using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Bytes of pictures to floats in [0, 1].</summary>
public static class PixelKernels
{
    internal const float Scale255 = 1f / 255f;

    /// <summary>destination[i] = source[i] × (1/255), vectorised; the same bits as <see cref="ScaleScalar"/>.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">At least as long; overwritten.</param>
    public static void Scale(ReadOnlySpan<byte> source, Span<float> destination)
    {
        var target = destination[..source.Length];
        var step = Vector<byte>.Count;
        var lanes = Vector<float>.Count;
        var i = 0;
        var bytes = MemoryMarshal.Cast<byte, Vector<byte>>(source);
        for (var b = 0; b < bytes.Length; b++, i += step)
        {
            Vector.Widen(bytes[b], out var low, out var high);
            Vector.Widen(low, out var q0, out var q1);
            Vector.Widen(high, out var q2, out var q3);
            Store(q0, target[i..]);
            Store(q1, target[(i + lanes)..]);
            Store(q2, target[(i + (2 * lanes))..]);
            Store(q3, target[(i + (3 * lanes))..]);
        }

        ScaleScalar(source[i..], target[i..]);
    }

    /// <summary>The reference: one element at a time.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">At least as long; overwritten.</param>
    public static void ScaleScalar(ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = source[i] * Scale255;
        }
    }

    // Values are below 256, so going through signed integers is exact and has a machine instruction everywhere.
    private static void Store(Vector<uint> values, Span<float> target) =>
        (Vector.ConvertToSingle(Vector.AsVectorInt32(values)) * Scale255).CopyTo(target);
}

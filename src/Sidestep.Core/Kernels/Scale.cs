using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Multiplies a vector by a number.</summary>
public static class Scale
{
    /// <summary>destination[i] = factor · source[i].</summary>
    /// <param name="factor">The multiplier.</param>
    /// <param name="source">The values.</param>
    /// <param name="destination">At least as long as the source; may be the source itself.</param>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static void Into(float factor, ReadOnlySpan<float> source, Span<float> destination)
    {
        Lengths.AtLeast(source.Length, destination.Length, nameof(destination));
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var factors = new Vector<float>(factor);
        var i = 0;
        for (; i <= source.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (factors * Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        ScalarReference.Scale(factor, source[i..], destination[i..]);
    }

    /// <summary>values[i] = factor · values[i].</summary>
    /// <param name="factor">The multiplier.</param>
    /// <param name="values">Changed in place.</param>
    public static void By(float factor, Span<float> values) => Into(factor, values, values);
}

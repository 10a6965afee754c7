using System.Numerics;
using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>Adds a multiple of one vector to another.</summary>
public static class Axpy
{
    /// <summary>destination[i] += weight · source[i], multiply and add rounded separately, so the bits do not depend on the vector width.</summary>
    /// <typeparam name="T">A real number, or an element of a field.</typeparam>
    /// <param name="weight">The multiplier.</param>
    /// <param name="source">The values.</param>
    /// <param name="destination">At least as long as the source; only its first elements are changed.</param>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static void Add<T>(T weight, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        Lengths.AtLeast(source.Length, destination.Length, nameof(destination));
        var done = Vector<T>.IsSupported ? AddVectors(weight, source, destination) : 0;
        ScalarReference.Axpy(weight, source[done..], destination[done..]);
    }

    private static int AddVectors<T>(T weight, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        ref var from = ref MemoryMarshal.GetReference(source);
        ref var to = ref MemoryMarshal.GetReference(destination);
        var factor = new Vector<T>(weight);
        var i = 0;
        for (; i <= source.Length - Vector<T>.Count; i += Vector<T>.Count)
        {
            var sum = Vector.LoadUnsafe(ref to, (nuint)i) + (factor * Vector.LoadUnsafe(ref from, (nuint)i));
            sum.StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Sidestep.Training;

/// <summary>Copies and sums of short runs of floats, for which a call of the base library costs more than the work.</summary>
internal static class RunKernels
{
    /// <summary>to[i] = from[i].</summary>
    public static void Copy(ref float from, ref float to, int length)
    {
        var i = 0;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
        }
    }

    /// <summary>to[i] += from[i].</summary>
    public static void Add(ref float from, ref float to, int length)
    {
        var i = 0;
        for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
        {
            (Vector.LoadUnsafe(ref to, (nuint)i) + Vector.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < length; i++)
        {
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
        }
    }
}

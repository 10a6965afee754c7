namespace Sidestep.Training;

/// <summary>Buffers that grow to the largest need and stay.</summary>
internal static class Scratch
{
    /// <summary>The first elements of a buffer; what they held is lost when it must grow.</summary>
    public static Span<T> Sized<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
        {
            buffer = GC.AllocateUninitializedArray<T>(length);
        }

        return buffer.AsSpan(0, length);
    }
}

namespace Sidestep;

/// <summary>An indexed set of equally long vectors, so that kernels can take many spans without an array of arrays.</summary>
public interface IVectors
{
    /// <summary>Number of vectors.</summary>
    int Count { get; }

    /// <summary>One vector.</summary>
    /// <param name="index">From 0.</param>
    ReadOnlySpan<float> this[int index] { get; }
}

using System.Runtime.InteropServices;

namespace Sidestep;

/// <summary>A share's payload on loan; whoever holds it disposes it once.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
/// <param name="payload">The reference-counted memory, or null: an empty share.</param>
/// <param name="count">Elements.</param>
/// <param name="offsetBytes">Where the elements start in the payload; a multiple of the element size.</param>
public readonly struct ShareLease<T>(PayloadLease? payload, int count, int offsetBytes = 0) : IDisposable
    where T : unmanaged
{
    /// <summary>A share that will not come.</summary>
    public static ShareLease<T> Empty => default;

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => payload is null;

    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> Span =>
        payload is null ? default : MemoryMarshal.Cast<byte, T>(payload.Memory.Span[offsetBytes..])[..count];

    /// <inheritdoc/>
    public void Dispose() => payload?.Dispose();
}

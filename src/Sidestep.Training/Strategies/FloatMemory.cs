using System.Buffers;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Sees the bytes of a payload as floats without copying; one instance is pointed at one payload after another.</summary>
internal sealed class FloatMemory : MemoryManager<float>
{
    private PayloadLease? _payload;
    private int _offsetBytes;

    public ReadOnlyMemory<float> Over(PayloadLease payload, int offsetBytes)
    {
        _payload = payload;
        _offsetBytes = offsetBytes;
        return CreateMemory((payload.Length - offsetBytes) / sizeof(float));
    }

    public override Span<float> GetSpan() =>
        _payload is null ? default : MemoryMarshal.Cast<byte, float>(_payload.Span[_offsetBytes..]);

    // Pool memory is pinned for good, so pinning needs no bookkeeping.
    public override unsafe MemoryHandle Pin(int elementIndex = 0) =>
        new(System.Runtime.CompilerServices.Unsafe.AsPointer(ref GetSpan()[elementIndex]));

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing) => _payload = null;
}

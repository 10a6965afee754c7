using System.Buffers;

namespace Sidestep.Training;

/// <summary>Lets a compressor write straight into a payload; one instance is pointed at one lease after another.</summary>
internal sealed class LeaseWriter : IBufferWriter<byte>
{
    private PayloadLease? _lease;

    public int Written { get; private set; }

    public LeaseWriter Over(PayloadLease lease)
    {
        _lease = lease;
        Written = 0;
        return this;
    }

    public void Advance(int count) => Written = checked(Written + count);

    public Memory<byte> GetMemory(int sizeHint = 0) => Rest(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => Rest(sizeHint).Span;

    private Memory<byte> Rest(int sizeHint)
    {
        var rest = _lease is null ? default : _lease.Memory[Written..];
        return rest.Length >= sizeHint
            ? rest
            : throw new InvalidOperationException($"a compressor asked for {sizeHint} bytes, but its MaxBytes leaves {rest.Length}");
    }
}

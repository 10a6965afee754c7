using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The parameters as they were at one moment, ready to be sent any number of times.</summary>
internal struct ModelCopy : IDisposable
{
    private PayloadLease? _payload;
    private ulong _fingerprint;

    /// <summary>Replaces the copy.</summary>
    public void Take(INode node, CoordinatorState state)
    {
        Dispose();
        _payload = ModelMessage.Write(node, state.Plan, state.Parameters, state.LastUsed);
        _fingerprint = Checksum.Fingerprint(MemoryMarshal.AsBytes<float>(state.Parameters));
    }

    /// <summary>The copy under a label.</summary>
    public readonly VersionModel As(long label) => new(label, _payload!, _fingerprint);

    /// <summary>Whether a share was computed at these parameters.</summary>
    public readonly bool IsOf(ulong fingerprint) => _payload is not null && fingerprint == _fingerprint;

    public void Dispose()
    {
        _payload?.Dispose();
        _payload = null;
    }
}

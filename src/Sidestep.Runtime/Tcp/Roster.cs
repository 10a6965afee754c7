using System.Buffers.Binary;

namespace Sidestep.Runtime;

/// <summary>The ports at which workers listen for one another, by slot; 0: not known.</summary>
internal sealed class Roster(int workers)
{
    private readonly int[] _ports = new int[workers];

    public int this[int slot]
    {
        get => Volatile.Read(ref _ports[slot]);
        set => Volatile.Write(ref _ports[slot], value);
    }

    public byte[] Write()
    {
        var bytes = new byte[_ports.Length * sizeof(int)];
        for (var slot = 0; slot < _ports.Length; slot++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(slot * sizeof(int)), this[slot]);
        }

        return bytes;
    }

    public RejectCode Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length != _ports.Length * sizeof(int))
        {
            return RejectCode.Length;
        }

        for (var slot = 0; slot < _ports.Length; slot++)
        {
            var port = BinaryPrimitives.ReadInt32LittleEndian(payload[(slot * sizeof(int))..]);
            if (port is < 0 or > ushort.MaxValue)
            {
                return RejectCode.Reserved;
            }

            this[slot] = port;
        }

        return RejectCode.None;
    }
}

using System.Buffers.Binary;

namespace Sidestep.Runtime;

/// <summary>Run events on the wire: 48 bytes each.</summary>
internal static class EventCodec
{
    public const int Bytes = 48;

    public static void Write(in RunEvent happened, Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, happened.Slot);
        BinaryPrimitives.WriteInt32LittleEndian(to[4..], happened.Row);
        BinaryPrimitives.WriteInt64LittleEndian(to[8..], happened.Round);
        BinaryPrimitives.WriteInt64LittleEndian(to[16..], (long)happened.Phase);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], happened.Start.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(to[32..], happened.End.Ticks);
        BinaryPrimitives.WriteDoubleLittleEndian(to[40..], happened.Value);
    }

    /// <summary>Reads the events of a frame; the slot is the session's, whatever the bytes say.</summary>
    public static RejectCode Read(ReadOnlySpan<byte> payload, int slot, Action<RunEvent>? listener)
    {
        if (payload.Length % Bytes != 0)
        {
            return RejectCode.Length;
        }

        for (; !payload.IsEmpty; payload = payload[Bytes..])
        {
            if (!TryRead(payload, slot, out var happened))
            {
                return RejectCode.Reserved;
            }

            listener?.Invoke(happened);
        }

        return RejectCode.None;
    }

    private static bool TryRead(ReadOnlySpan<byte> from, int slot, out RunEvent happened)
    {
        var phase = BinaryPrimitives.ReadInt64LittleEndian(from[16..]);
        happened = new RunEvent(
            slot,
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            (Phase)phase,
            TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(from[24..])),
            TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(from[32..])),
            BinaryPrimitives.ReadDoubleLittleEndian(from[40..]));
        return phase >= 0 && phase <= int.MaxValue && Enum.IsDefined((Phase)phase);
    }
}

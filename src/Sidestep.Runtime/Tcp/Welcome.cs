using System.Buffers.Binary;

namespace Sidestep.Runtime;

/// <summary>What a listener tells an admitted dialler.</summary>
/// <param name="Session">Number of the session, counted over the run.</param>
/// <param name="Generation">The coordinator's life.</param>
/// <param name="Epoch">The code table's epoch.</param>
/// <param name="Elapsed">Time since the run's start.</param>
internal sealed record Welcome(long Session, uint Generation, uint Epoch, TimeSpan Elapsed)
{
    private const int Bytes = 24;

    public byte[] Write()
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Session);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Elapsed.Ticks);
        return bytes;
    }

    public static Welcome? Read(ReadOnlySpan<byte> bytes) => bytes.Length != Bytes ? null : new Welcome(
        BinaryPrimitives.ReadInt64LittleEndian(bytes),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]),
        TimeSpan.FromTicks(BinaryPrimitives.ReadInt64LittleEndian(bytes[16..])));
}

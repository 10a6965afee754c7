using System.Buffers.Binary;
using System.Diagnostics;

namespace Sidestep.Runtime;

/// <summary>What a listener tells an admitted dialler.</summary>
/// <param name="Session">Number of the session, counted over the run.</param>
/// <param name="Generation">The coordinator's life.</param>
/// <param name="Epoch">The code table's epoch.</param>
/// <param name="Elapsed">Time since the run's start.</param>
internal sealed record Welcome(long Session, uint Generation, uint Epoch, TimeSpan Elapsed)
{
    private const int Bytes = 24;

    /// <summary>Dialler: when the welcome had come, and half the round trip it was the answer of: how long its way is taken to be.</summary>
    public (long Timestamp, TimeSpan Way) Came { get; init; }

    /// <summary>Dialler: time since the run's start, now. The error is at most half the round trip.</summary>
    public TimeSpan RunTime() => Elapsed + Came.Way + Stopwatch.GetElapsedTime(Came.Timestamp);

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

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sidestep.Simulation;

/// <summary>SHA-256 over everything that happened, in order: each delivered message and each reported event.</summary>
internal sealed class TraceDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The digest so far, hexadecimal.</summary>
    public string Hex => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>A message was delivered.</summary>
    public void Append(long time, in Message message)
    {
        Span<byte> record = stackalloc byte[56];
        record[0] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], (ushort)message.Topic);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], message.Channel);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], time);
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], message.From);
        BinaryPrimitives.WriteInt32LittleEndian(record[20..], message.To);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], message.Round);
        BinaryPrimitives.WriteInt32LittleEndian(record[32..], message.Row);
        BinaryPrimitives.WriteInt32LittleEndian(record[36..], message.Payload?.Length ?? -1);
        BinaryPrimitives.WriteUInt32LittleEndian(record[40..], message.Payload is { } p ? Checksum.Crc32C(p.Span) : 0);
        BinaryPrimitives.WriteDoubleLittleEndian(record[48..], message.Value);
        _hash.AppendData(record);
    }

    /// <summary>An event was reported.</summary>
    public void Append(in RunEvent happened)
    {
        Span<byte> record = stackalloc byte[56];
        record[0] = 2;
        record[1] = (byte)happened.Phase;
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], happened.Slot);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], happened.Round);
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], happened.Row);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], happened.Start.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(record[32..], happened.End.Ticks);
        BinaryPrimitives.WriteDoubleLittleEndian(record[40..], happened.Value);
        _hash.AppendData(record);
        if (happened.Name is { } name)
        {
            _hash.AppendData(Encoding.UTF8.GetBytes(name));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}

using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>The 32-byte header that starts every compressed message, little-endian.</summary>
/// <remarks>Offset 0: magic 0x4347 (u16) · 2: version 1 (u8) · 3: codec (u8) · 4: flags (u8) · 5: A (u8) · 6: B (u16) · 8: d (u64) ·
/// 16: elements sent (u64) · 24: payload bytes (u32) · 28: CRC-32C over bytes 0 to 27 and the payload (u32).</remarks>
/// <param name="Codec">The compressor.</param>
/// <param name="Flags">What the payload holds.</param>
/// <param name="A">A small parameter of the codec.</param>
/// <param name="B">A further parameter of the codec.</param>
/// <param name="Length">Elements of the vector (d).</param>
/// <param name="Count">Elements sent.</param>
internal readonly record struct CompressionFrame(byte Codec, byte Flags, byte A, ushort B, ulong Length, ulong Count)
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderBytes = 32;

    /// <summary>Flag: the indices are entropy-coded.</summary>
    public const byte EntropyCoded = 2;

    private const ushort Magic = 0x4347;
    private const byte Version = 1;
    private const int ChecksumOffset = 28;

    /// <summary>Writes the header in front of a payload that is already there.</summary>
    /// <param name="message">Header and payload, exactly.</param>
    public void Seal(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(message, Magic);
        message[2] = Version;
        message[3] = Codec;
        message[4] = Flags;
        message[5] = A;
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], B);
        BinaryPrimitives.WriteUInt64LittleEndian(message[8..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(message[16..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(message[24..], (uint)(message.Length - HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(message[ChecksumOffset..], Sum(message));
    }

    /// <summary>Reads a header after checking magic, version, payload length and checksum.</summary>
    /// <param name="message">Header and payload, from an untrusted peer.</param>
    /// <exception cref="MalformedException">One of them is wrong.</exception>
    public static CompressionFrame Open(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderBytes)
        {
            throw Wrong($"a compressed message has {message.Length} bytes, its header alone has {HeaderBytes}");
        }

        var magic = BinaryPrimitives.ReadUInt16LittleEndian(message);
        if (magic != Magic || message[2] != Version)
        {
            throw Wrong($"a compressed message starts with 0x{magic:x4} version {message[2]}, 0x{Magic:x4} version {Version} is expected");
        }

        var payload = BinaryPrimitives.ReadUInt32LittleEndian(message[24..]);
        if (payload != message.Length - HeaderBytes)
        {
            throw Wrong($"a compressed message announces {payload} payload bytes and has {message.Length - HeaderBytes}");
        }

        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(message[ChecksumOffset..]);
        if (checksum != Sum(message))
        {
            throw Wrong($"the checksum of a compressed message is 0x{checksum:x8}, its bytes have 0x{Sum(message):x8}");
        }

        return new CompressionFrame(
            message[3],
            message[4],
            message[5],
            BinaryPrimitives.ReadUInt16LittleEndian(message[6..]),
            BinaryPrimitives.ReadUInt64LittleEndian(message[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(message[16..]));
    }

    private static uint Sum(ReadOnlySpan<byte> message) =>
        Checksum.Crc32C(message[HeaderBytes..], Checksum.Crc32C(message[..ChecksumOffset]));

    private static MalformedException Wrong(string message) => new(RejectCodes.Codec, message);
}

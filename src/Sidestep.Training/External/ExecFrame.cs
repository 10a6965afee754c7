using System.Buffers.Binary;

namespace Sidestep.Training;

/// <summary>What a frame asks or answers. An answer has the number of its request plus 128.</summary>
internal enum ExecKind : ushort
{
    /// <summary>Shape of the data; answered by the tensors.</summary>
    Hello = 1,

    /// <summary>Where bulk data lie.</summary>
    Memory = 2,

    /// <summary>Asks for the start point.</summary>
    Initialize = 3,

    /// <summary>Asks for loss and gradient of some rows.</summary>
    Gradient = 4,

    /// <summary>Asks for measures of some rows.</summary>
    Evaluate = 5,

    /// <summary>The end; not answered.</summary>
    Stop = 6,

    /// <summary>An answer only: the program says what went wrong.</summary>
    Failed = 0xFF,
}

/// <summary>The 24 bytes in front of every frame of the exec protocol; little-endian.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sequence">Number of the request; an answer repeats it.</param>
/// <param name="Body">Bytes of the body that follows.</param>
/// <param name="Bulk">Bytes of bulk data after the body; 0 where memory is shared.</param>
internal readonly record struct ExecFrame(ExecKind Kind, uint Sequence, int Body, long Bulk)
{
    public const int Bytes = 24;
    public const ushort Version = 1;
    public const ushort Answer = 0x80;

    /// <summary>Most bytes of a body.</summary>
    public const int MostBody = 1 << 20;

    /// <summary>The first four bytes. No text begins with 0x8F, neither in ASCII nor in UTF-8.</summary>
    public static ReadOnlySpan<byte> Magic => [0x8F, (byte)'S', (byte)'X', (byte)'E'];

    public void Write(Span<byte> bytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Sequence);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Body);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Bulk);
    }

    /// <summary>Reads a header; the magic has been checked.</summary>
    public static (ExecFrame Frame, ushort Version) Read(ReadOnlySpan<byte> bytes) => (
        new ExecFrame(
            (ExecKind)BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..])),
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]));
}

using System.Buffers.Binary;
using System.Text;

namespace Sidestep.Cli;

/// <summary>A compressed vector in a file: magic (8 bytes), elements (4), bytes of the compressor's name (2), the name in ASCII, the message.</summary>
internal static class VectorMessageFile
{
    private const int Fixed = 14;
    private const int MostName = 256;

    private static ReadOnlySpan<byte> Magic => "SDSTVEC1"u8;

    public static void Write(string path, string name, int elements, ReadOnlySpan<byte> message)
    {
        var bytes = new byte[Fixed + name.Length + message.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), elements);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)name.Length);
        Encoding.ASCII.GetBytes(name, bytes.AsSpan(Fixed));
        message.CopyTo(bytes.AsSpan(Fixed + name.Length));
        DurableFile.Write(path, file => file.Write(bytes));
    }

    public static (string Name, int Elements, byte[] Message) Read(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }

        if (bytes.Length < Fixed || !bytes.AsSpan().StartsWith(Magic))
        {
            throw new MalformedException("E_MAGIC", $"{path} does not begin like a file that 'sidestep compress' wrote");
        }

        var elements = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
        var name = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(12));
        if (elements < 1 || elements > 1 << 28 || name is 0 or > MostName || Fixed + name > bytes.Length)
        {
            throw new MalformedException("E_LEN", $"{path}: {elements} elements and a name of {name} bytes are out of range");
        }

        return (Encoding.ASCII.GetString(bytes, Fixed, name), elements, bytes[(Fixed + name)..]);
    }
}

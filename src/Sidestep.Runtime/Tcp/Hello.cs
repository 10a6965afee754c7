using System.Buffers.Binary;
using System.Text;

namespace Sidestep.Runtime;

/// <summary>What a dialler says of itself.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="Listener">Whom it means to reach: ports are reused, so another node may answer.</param>
/// <param name="Port">Where it listens for workers; 0: it does not.</param>
/// <param name="Nonce">32 random bytes.</param>
/// <param name="SpecHash">Hash of its spec.</param>
/// <param name="NumericClass">Its arithmetic.</param>
internal sealed record Hello(int Slot, int Listener, int Port, byte[] Nonce, string SpecHash, string NumericClass)
{
    private const int NonceAt = 16, Fixed = NonceAt + Identity.NonceBytes, MostText = 256;

    public byte[] Write()
    {
        var spec = Encoding.UTF8.GetBytes(SpecHash);
        var numeric = Encoding.UTF8.GetBytes(NumericClass);
        var bytes = new byte[Fixed + 4 + spec.Length + numeric.Length];
        bytes[0] = bytes[1] = FrameHeader.Major;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Slot);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Listener);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Port);
        Nonce.CopyTo(bytes, NonceAt);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Fixed), (ushort)spec.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Fixed + 2), (ushort)numeric.Length);
        spec.CopyTo(bytes, Fixed + 4);
        numeric.CopyTo(bytes, Fixed + 4 + spec.Length);
        return bytes;
    }

    /// <summary>Reads a hello; with null comes the reason.</summary>
    public static (Hello? Hello, RejectCode Code) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Fixed + 4 || bytes[0] == 0 || bytes[0] > bytes[1] || bytes[2] != 0 || bytes[3] != 0)
        {
            return (null, RejectCode.Hello);
        }

        if (bytes[0] > FrameHeader.Major || bytes[1] < FrameHeader.Major)
        {
            return (null, RejectCode.Version);
        }

        int spec = BinaryPrimitives.ReadUInt16LittleEndian(bytes[Fixed..]), numeric = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(Fixed + 2)..]);
        if (spec > MostText || numeric > MostText || bytes.Length != Fixed + 4 + spec + numeric)
        {
            return (null, RejectCode.Hello);
        }

        var port = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        if (port is < 0 or > ushort.MaxValue)
        {
            return (null, RejectCode.Hello);
        }

        var hello = new Hello(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
            port,
            bytes.Slice(NonceAt, Identity.NonceBytes).ToArray(),
            Encoding.UTF8.GetString(bytes.Slice(Fixed + 4, spec)),
            Encoding.UTF8.GetString(bytes.Slice(Fixed + 4 + spec, numeric)));
        return (hello, RejectCode.None);
    }
}

namespace Sidestep.Runtime.Tests.Frames;

/// <summary>Bytes for the wire, made by hand.</summary>
internal static class Wire
{
    public static byte[] Frame(FrameHeader header, ReadOnlySpan<byte> body)
    {
        var frame = new byte[FrameHeader.Bytes + body.Length];
        (header with { BodyChecksum = Checksum.Crc32C(body) }).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.Bytes));
        return frame;
    }

    public static byte[] Bytes(int length, ulong seed = 1)
    {
        var rng = new Rng(seed, Purpose.Test, 0, 0, 0);
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)rng.NextUInt32();
        }

        return bytes;
    }
}

namespace Sidestep.Runtime.Tests.Frames;

public sealed class FrameHeaderTests
{
    // Made by another program from the table in docs/wire-format.md, with a bit-by-bit CRC-32C.
    private const string Golden =
        "315344500100210000000201f1010000efcdab8967452301a4a3a2a1b4b3b2b118171615141312112423222134333231484746454443424154535251868277b4";

    private const string GoldenData = "0700000003000100efcdab8967452301000000000000e03f0500000000000000";

    private static readonly FrameHeader Header = new(
        FrameType.Share, 0x0102, 0x1F1, 0x0123456789ABCDEF, 0xA1A2A3A4, 0xB1B2B3B4, 0x1112131415161718, 0x21222324, 0x31323334, 0x4142434445464748,
        0x51525354);

    private static readonly DataHeader Data = new(7, 3, 0x0123456789ABCDEF, 0.5, 5);

    [Fact]
    public void Header_is_written_as_the_golden_bytes()
    {
        var bytes = new byte[FrameHeader.Bytes];
        Header.Write(bytes);
        Assert.Equal(Golden, Convert.ToHexStringLower(bytes));
        Assert.Equal(RejectCode.None, FrameHeader.Read(bytes, out var back));
        Assert.Equal(Header, back);
    }

    [Fact]
    public void Sub_header_is_written_as_the_golden_bytes()
    {
        var bytes = new byte[DataHeader.Bytes];
        Data.Write(bytes);
        Assert.Equal(GoldenData, Convert.ToHexStringLower(bytes));
        Assert.Equal(RejectCode.None, DataHeader.Read(bytes, out var back));
        Assert.Equal(Data, back);
        Assert.Equal(0x34D433BCu, Checksum.Crc32C([.. bytes, .. "hello"u8]));
    }

    [Fact]
    public void Sub_header_of_another_codec_version_is_refused()
    {
        var bytes = Convert.FromHexString(GoldenData);
        bytes[6] = 2;
        Assert.Equal(RejectCode.Version, DataHeader.Read(bytes, out _));
    }

    [Fact]
    public void Every_known_type_comes_back_and_every_other_is_refused()
    {
        var bytes = new byte[FrameHeader.Bytes];
        for (var type = 0; type <= ushort.MaxValue; type++)
        {
            var header = new FrameHeader((FrameType)type, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0);
            header.Write(bytes);
            var known = Enum.IsDefined((FrameType)type);
            Assert.Equal(known ? RejectCode.None : RejectCode.Type, FrameHeader.Read(bytes, out var back));
            Assert.True(!known || back == header);
        }
    }

    [Fact]
    public void Every_single_bit_flip_is_refused()
    {
        for (var bit = 0; bit < FrameHeader.Bytes * 8; bit++)
        {
            var bytes = Convert.FromHexString(Golden);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(bit < 32 ? RejectCode.Magic : RejectCode.HeaderChecksum, FrameHeader.Read(bytes, out _));
        }
    }

    [Fact]
    public void Bits_that_mean_nothing_must_be_zero()
    {
        for (var bit = 0; bit < 16; bit++)
        {
            var bytes = Convert.FromHexString(Golden);
            bytes[8 + (bit / 8)] |= (byte)(1 << (bit % 8));
            BitConverter.TryWriteBytes(bytes.AsSpan(60), Checksum.Crc32C(bytes.AsSpan(0, 60)));
            Assert.Equal(RejectCode.Reserved, FrameHeader.Read(bytes, out _));
        }

        var control = new FrameHeader(FrameType.Heartbeat, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0);
        Assert.All(
            [control with { Channel = 1 }, control with { Round = 1 }, control with { Chunk = 1 }],
            header =>
            {
                var bytes = new byte[FrameHeader.Bytes];
                header.Write(bytes);
                Assert.Equal(RejectCode.Reserved, FrameHeader.Read(bytes, out _));
            });
    }
}

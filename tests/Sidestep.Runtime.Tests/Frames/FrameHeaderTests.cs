namespace Sidestep.Runtime.Tests.Frames;

public sealed class FrameHeaderTests
{
    private static readonly FrameHeader Sample = new(
        FrameType.Share, 0x0102, 40, 0x1122334455667788, 1, 2, 3, 4, 0, 5, 0xDEADBEEF);

    // Computed apart from this code, from the table in docs/wire-format.md and a bitwise CRC-32C.
    [Fact]
    public void Header_bytes_are_those_of_the_document()
    {
        var bytes = new byte[FrameHeader.Bytes];
        Sample.Write(bytes);
        Assert.Equal(
            "3153445001002100000002012800000088776655443322110100000002000000030000000000000004000000000000000500000000000000EFBEADDE6C1A0F36",
            Convert.ToHexString(bytes));
    }

    [Fact]
    public void Sub_header_bytes_are_those_of_the_document()
    {
        var bytes = new byte[DataHeader.Bytes];
        new DataHeader(7, 3, 0x0123456789ABCDEF, 0.5, 8).Write(bytes);
        Assert.Equal("0700000003000100EFCDAB8967452301000000000000E03F0800000000000000", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Any_header_that_is_read_is_written_back_to_the_same_bytes()
    {
        var rng = new Rng(1, Purpose.Test, 0, 0, 0);
        Span<byte> bytes = stackalloc byte[FrameHeader.Bytes], again = stackalloc byte[FrameHeader.Bytes];
        for (var i = 0; i < 20_000; i++)
        {
            var header = new FrameHeader(
                (FrameType)(32 + rng.Next(9)), (ushort)rng.NextUInt32(), (int)rng.NextUInt32(), rng.NextUInt64(), rng.NextUInt32(),
                rng.NextUInt32(), (long)rng.NextUInt64(), (int)rng.NextUInt32(), (int)rng.NextUInt32(), (long)rng.NextUInt64(), rng.NextUInt32());
            header.Write(bytes);
            Assert.Equal(RejectCode.None, FrameHeader.Read(bytes, out var read));
            Assert.Equal(header, read);
            read.Write(again);
            Assert.True(bytes.SequenceEqual(again));
        }
    }

    [Fact]
    public void Every_single_bit_flip_is_refused()
    {
        var bytes = new byte[FrameHeader.Bytes];
        Sample.Write(bytes);
        for (var bit = 0; bit < FrameHeader.Bytes * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(bit < 32 ? RejectCode.Magic : RejectCode.HeaderChecksum, FrameHeader.Read(bytes, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(4, 2, RejectCode.Version)]
    [InlineData(5, 1, RejectCode.Version)]
    [InlineData(6, 200, RejectCode.Type)]
    [InlineData(6, 0, RejectCode.Type)]
    [InlineData(6, 10, RejectCode.Type)]
    [InlineData(8, 1, RejectCode.Reserved)]
    [InlineData(9, 0x80, RejectCode.Reserved)]
    [InlineData(6, (int)FrameType.Heartbeat, RejectCode.Reserved)]
    public void Field_no_encoder_writes_is_refused_by_its_own_code(int offset, byte value, RejectCode expected)
    {
        var bytes = new byte[FrameHeader.Bytes];
        Sample.Write(bytes);
        bytes[offset] = value;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(60), Checksum.Crc32C(bytes.AsSpan(0, 60)));
        Assert.Equal(expected, FrameHeader.Read(bytes, out _));
    }

    [Fact]
    public void Every_reject_code_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<RejectCode>().Select(RejectCodes.Name).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names.Skip(1), name => Assert.Matches("^E_[A-Z_]+$", name));
    }
}

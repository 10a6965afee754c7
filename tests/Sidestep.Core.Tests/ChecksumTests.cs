using System.Buffers.Binary;
using System.Text;

namespace Sidestep.Tests;

public sealed class ChecksumTests
{
    [Fact]
    public void Crc32C_digits_give_the_check_value() =>
        Assert.Equal(0xE3069283u, Checksum.Crc32C(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Crc32C_vectors_of_rfc_3720_are_reproduced()
    {
        Assert.Equal(0x8A9136AAu, Checksum.Crc32C(new byte[32]));
        Assert.Equal(0x62A8AB43u, Checksum.Crc32C(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, Checksum.Crc32C(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
    }

    [Fact]
    public void Crc32C_every_short_length_equals_the_bitwise_definition()
    {
        for (var length = 0; length <= 2000; length++)
        {
            var data = Bytes(length, length);
            Assert.Equal(Bitwise(data), Checksum.Crc32C(data));
        }
    }

    [Theory]
    [InlineData((3 * 4096) - 1)]
    [InlineData(3 * 4096)]
    [InlineData((3 * 4096) + 769)]
    [InlineData(100_003)]
    [InlineData(1_000_001)]
    public void Crc32C_long_data_equals_the_bitwise_definition(int length)
    {
        var data = Bytes(length + 3, length).AsSpan(3);
        Assert.Equal(Bitwise(data), Checksum.Crc32C(data));
    }

    [Fact]
    public void Crc32C_continued_or_combined_equals_the_whole()
    {
        var data = Bytes(40_000, 1);
        var whole = Checksum.Crc32C(data);
        foreach (var cut in new[] { 0, 1, 7, 8, 799, 12_288, 39_999, 40_000 })
        {
            var first = Checksum.Crc32C(data.AsSpan(0, cut));
            Assert.Equal(whole, Checksum.Crc32C(data.AsSpan(cut), first));
            Assert.Equal(whole, Checksum.Combine(first, Checksum.Crc32C(data.AsSpan(cut)), data.Length - cut));
        }
    }

    [Fact]
    public void Fingerprint_every_length_equals_its_definition()
    {
        var seen = new HashSet<ulong>();
        for (var length = 0; length <= 200; length++)
        {
            var data = Bytes(length + 1, 3).AsSpan(1);
            Assert.Equal(FingerprintByDefinition(data), Checksum.Fingerprint(data));
            Assert.True(seen.Add(Checksum.Fingerprint(data)));
            seen.Add(Checksum.Fingerprint(new byte[length]));
        }

        Assert.Equal(402, seen.Count + 1);
    }

    [Fact]
    public void Fingerprint_every_bit_matters()
    {
        var data = Bytes(77, 4);
        var original = Checksum.Fingerprint(data);
        for (var bit = 0; bit < 8 * data.Length; bit++)
        {
            data[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(original, Checksum.Fingerprint(data));
            data[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static byte[] Bytes(int length, int seed)
    {
        var data = new byte[length];
        var rng = new Rng((ulong)seed, Purpose.Test, 0, 0, 0);
        for (var i = 0; i < length; i++)
        {
            data[i] = (byte)rng.NextUInt32();
        }

        return data;
    }

    private static uint Bitwise(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return ~crc;
    }

    private static ulong FingerprintByDefinition(ReadOnlySpan<byte> data)
    {
        var padded = new byte[(data.Length + 15) / 16 * 16];
        data.CopyTo(padded);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        var words = padded.Chunk(8).ToArray();
        var even = words.Where((_, i) => i % 2 == 0).SelectMany(w => w).Concat(length).ToArray();
        var odd = words.Where((_, i) => i % 2 == 1).SelectMany(w => w).Concat(length).ToArray();
        return ((ulong)Bitwise(odd) << 32) | Bitwise(even);
    }
}

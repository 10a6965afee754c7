using FsCheck.Xunit;

namespace Sidestep.Training.Tests.Compression;

/// <summary>What the decoder of top-k refuses.</summary>
public sealed class TopKRefusalTests
{
    private static readonly TopK Compressor = TopK.OfCount(4);

    private static readonly float[] Values = [0, -2, 0.5f, 0, 0, 3, 0, 1, 0, 0.25f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    [Theory]
    [InlineData(0, 0x48, "E_CODEC")] // magic
    [InlineData(2, 2, "E_CODEC")] // version
    [InlineData(3, 7, "E_CODEC")] // codec
    [InlineData(4, 3, "E_CODEC")] // flags
    [InlineData(5, 0, "E_SPARSE")] // Rice parameter
    [InlineData(6, 1, "E_CODEC")] // B
    [InlineData(8, 21, "E_CODEC")] // d
    [InlineData(15, 0x80, "E_CODEC")] // d, highest byte
    [InlineData(16, 5, "E_SPARSE")] // more than k
    [InlineData(16, 255, "E_SPARSE")] // more than d
    [InlineData(23, 0x80, "E_SPARSE")] // more than 2⁶³
    [InlineData(16, 3, "E_SPARSE")] // fewer than there are
    public void Wrong_header_field_is_refused(int offset, byte value, string code)
    {
        var message = Ends.Encode(Compressor, Values);
        message[offset] = value;

        Assert.Equal(code, Refused(Damage.Resealed(message)).Code);
    }

    [Fact]
    public void Wrong_checksum_or_length_is_refused()
    {
        var message = Ends.Encode(Compressor, Values);

        Assert.Equal("E_CODEC", Refused([.. message, 0]).Code);
        Assert.Equal("E_CODEC", Refused(message[..^1]).Code);
        Assert.Equal("E_CODEC", Refused(message[..31]).Code);
        Assert.Equal("E_CODEC", Refused([]).Code);
        message[^1] ^= 1;
        Assert.Equal("E_CODEC", Refused(message).Code);
    }

    [Fact]
    public void Trailing_or_missing_payload_is_refused_though_sealed()
    {
        var message = Ends.Encode(Compressor, Values);

        Assert.Equal("E_SPARSE", Refused(Damage.Resealed([.. message, 0])).Code);
        Assert.Equal("E_SPARSE", Refused(Damage.Resealed(message[..^4])).Code);
        Assert.Equal("E_SPARSE", Refused(Damage.Resealed(message[..40])).Code);
    }

    [Theory]
    [InlineData(0x00000000u)] // 0
    [InlineData(0x80000000u)] // −0
    [InlineData(0x7FC00000u)] // NaN
    [InlineData(0xFF800000u)] // −∞
    public void Value_that_cannot_be_sent_is_refused(uint bits)
    {
        var message = Ends.Encode(Compressor, Values);
        BitConverter.TryWriteBytes(message.AsSpan(message.Length - 4), bits);

        Assert.Equal("E_SPARSE", Refused(Damage.Resealed(message)).Code);
    }

    [Fact]
    public void Whatever_is_accepted_is_canonical()
    {
        var accepted = 0;
        foreach (var damaged in Damage.EveryBit(Ends.Encode(Compressor, Values)).Select(Damage.Resealed))
        {
            try
            {
                var vector = Ends.Decode(Compressor, damaged, Values.Length);
                Assert.Equal(damaged, Ends.Encode(Compressor, vector));
                accepted++;
            }
            catch (MalformedException)
            {
                // Refused: fine.
            }
        }

        Assert.InRange(accepted, 64, 200);
    }

    [Property(MaxTest = 500)]
    public void Noise_behind_a_sound_header_is_refused_or_canonical(byte[] noise, byte count)
    {
        var d = Values.Length;
        var sent = count % 5;
        byte[] header = [0x47, 0x43, 1, 1, 2, (byte)SparseFormat.RiceParameter(d, sent), 0, 0, (byte)d, 0, 0, 0, 0, 0, 0, 0, (byte)sent, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var message = Damage.Resealed([.. header, .. noise]);
        try
        {
            Assert.Equal(message, Ends.Encode(Compressor, Ends.Decode(Compressor, message, d)));
        }
        catch (MalformedException e)
        {
            Assert.Equal("E_SPARSE", e.Code);
        }
    }

    [Fact]
    public void Count_beyond_the_length_is_refused_with_the_nearest()
    {
        var error = Assert.Throws<ConfigurationException>(() => TopK.OfCount(11).CreateWriter(Ends.Key, 10));

        Assert.Contains("at most top-k(10)", error.Message, StringComparison.Ordinal);
    }

    private static MalformedException Refused(byte[] message)
    {
        var vector = Vectors.Make(Values.Length, i => i);
        var error = Assert.Throws<MalformedException>(() => Compressor.CreateReader(Ends.Key, vector.Length).Read(0, message, vector));
        Vectors.SameBits(Vectors.Make(Values.Length, i => i), vector, "a refused message must not change the vector");
        return error;
    }
}

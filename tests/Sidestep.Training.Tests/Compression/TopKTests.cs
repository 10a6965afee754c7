using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep.Training.Tests.Compression;

/// <summary>Selection, sizes and oracles of top-k.</summary>
public sealed class TopKTests
{
    [Fact]
    public void Selection_of_awkward_vectors_is_the_one_by_sorting()
    {
        foreach (var (name, values) in Vectors.Awkward())
        {
            foreach (var k in new[] { 1, 2, values.Length / 3, values.Length - 1, values.Length }.Where(k => k >= 1 && k <= values.Length))
            {
                var selected = new LargestMagnitudes(values.Length, k).Select(values).ToArray();

                Assert.True(Vectors.LargestBySorting(values, k).SequenceEqual(selected), $"{name}, k = {k}");
            }
        }
    }

    [Theory]
    [InlineData(4096, 1)]
    [InlineData(4096, 512)]
    [InlineData(30_011, 300)]
    [InlineData(30_011, 3_000)]
    [InlineData(100_000, 10)]
    public void Selection_from_a_sample_is_the_one_by_sorting(int length, int k)
    {
        var largest = new LargestMagnitudes(length, k);
        var kinds = new[]
        {
            Vectors.Gaussian(length, k),
            Vectors.LogUniform(length),
            Vectors.Make(length, i => i % 64 == 0 ? 1 : 0.5f),
            Vectors.Make(length, i => i % 7 - 3),
            Vectors.Make(length, _ => -0.1f),
            Vectors.Make(length, i => i < k / 2 ? i + 1 : 0),
            Vectors.Make(length, i => i >= length - k ? length + i : 1e-3f * i),
            Vectors.Make(length, i => i % 97 == 0 ? i % 5 : 0),
        };
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            var selected = largest.Select(kinds[kind]).ToArray();

            Assert.True(Vectors.LargestBySorting(kinds[kind], k).SequenceEqual(selected), $"kind {kind}");
        }
    }

    [Fact]
    public void Radix_selection_finds_every_rank()
    {
        var bins = new int[RadixSelect.Bins];
        foreach (var values in new[] { Vectors.Gaussian(300, 1), Vectors.Make(50, i => i % 3), Vectors.LogUniform(257) })
        {
            var bits = MemoryMarshal.Cast<float, uint>(values);
            var sorted = values.Select(v => BitConverter.SingleToUInt32Bits(Math.Abs(v))).OrderDescending().ToArray();
            for (var rank = 1; rank <= values.Length; rank++)
            {
                var (threshold, above) = RadixSelect.Find(bits, rank, bins);

                Assert.Equal(sorted[rank - 1], threshold);
                Assert.Equal(sorted.Count(s => s > threshold), above);
            }
        }
    }

    [Fact]
    public void Filter_with_and_without_vectors_takes_the_same()
    {
        for (var length = 0; length < 140; length++)
        {
            var values = Vectors.Make(length, i => ((i * 37) % 11) - 5);
            var bits = MemoryMarshal.Cast<float, uint>(values);
            foreach (var (threshold, ties, room) in new[] { (3f, 4, 140), (0f, 0, 140), (5f, 1000, 140), (1f, 1000, 20), (2f, 2, 140) })
            {
                int[] some = new int[room], others = new int[room];
                var least = BitConverter.SingleToUInt32Bits(threshold);

                Assert.Equal(
                    MagnitudeFilter.TakeScalar(bits, 0, least, ties, others, 0),
                    MagnitudeFilter.Take(bits, least, ties, some));
                Assert.Equal(others, some);
            }
        }
    }

    [Theory]
    [InlineData(0.01, 100, 1)]
    [InlineData(0.07, 100, 7)]
    [InlineData(0.01, 101, 2)]
    [InlineData(0.001, 10, 1)]
    [InlineData(1, 10, 10)]
    [InlineData(0.3, 10, 3)]
    [InlineData(0.1, 1_000_000, 100_000)]
    public void Kept_is_the_ratio_rounded_up(double ratio, int length, int kept) => Assert.Equal(kept, new TopK(ratio).Kept(length));

    [Fact]
    public void Size_follows_the_formula()
    {
        foreach (var (name, values) in Vectors.Awkward())
        {
            foreach (var compressor in new[] { TopK.OfCount(1), new TopK(0.1), new TopK(1) })
            {
                var indices = Vectors.LargestBySorting(values, compressor.Kept(values.Length));
                int n = indices.Length, d = values.Length;
                var r = (int)Math.Max(0, Math.Floor(Math.Log2(0.9802 * (d - n) / (n + 1)) + 1e-12));
                var bits = n * (r + 1);
                for (var j = 0; j < n; j++)
                {
                    bits += (indices[j] - (j == 0 ? 0 : indices[j - 1] + 1)) >> r;
                }

                Assert.True(32 + ((bits + 7) / 8) + (4 * n) == Ends.Encode(compressor, values).Length, $"{compressor} {name}");
            }
        }
    }

    [Fact]
    public void Bound_is_reached_and_grows_with_the_elements_sent()
    {
        foreach (var d in new[] { 1, 2, 3, 64, 65, 300 })
        {
            for (var k = 1; k <= d; k++)
            {
                var compressor = TopK.OfCount(k);

                Assert.Equal(compressor.MaxBytes(d), Ends.Encode(compressor, Vectors.Make(d, i => i >= d - k ? 1 : 0)).Length);
                Assert.True(k == 1 || compressor.MaxBytes(d) > TopK.OfCount(k - 1).MaxBytes(d));
            }
        }
    }

    [Theory]
    [InlineData(0.001, 0.0127)]
    [InlineData(0.01, 0.0845)]
    [InlineData(0.05, 0.279)]
    [InlineData(0.10, 0.439)]
    [InlineData(0.25, 0.724)]
    [InlineData(0.50, 0.929)]
    public void Gaussian_vector_keeps_the_stated_energy(double ratio, double energy)
    {
        var values = Vectors.Gaussian(400_000, 8);
        var compressor = new TopK(ratio);

        var kept = Vectors.Energy(Ends.Decode(compressor, Ends.Encode(compressor, values), values.Length)) / Vectors.Energy(values);

        Assert.Equal(energy, kept, energy * 0.02);
    }

    [Fact]
    public void Reference_vector_gives_the_stated_indices_and_values()
    {
        var values = Vectors.IrwinHall();
        Assert.Equal("bb8f89177f509a13a9bbd1e765c8680605e9996ae41e94a1143948533089ab9f", Hash<float>(values));

        var decoded = Ends.Decode(TopK.OfCount(100), Ends.Encode(TopK.OfCount(100), values), values.Length);

        var indices = Enumerable.Range(0, decoded.Length).Where(i => decoded[i] != 0).ToArray();
        Assert.Equal([10, 107, 109, 198, 800], indices[..5]);
        Assert.Equal("161d87c71f0fa192259736fb3de7646fcf6e0b836e53abfdaca6b7b0b5e74997", Hash<int>(indices));
        Assert.Equal(
            "c0806334deb879659f7a3566ff2ac8d198f00d4599f131d4fe5a10f60a323e64", Hash<float>(indices.Select(i => decoded[i]).ToArray()));
    }

    [Fact]
    public void Constant_vector_reaches_the_contraction_bound()
    {
        var compressor = TopK.OfCount(3);
        var values = Vectors.Make(12, _ => 2f);

        var decoded = Ends.Decode(compressor, Ends.Encode(compressor, values), 12);

        Assert.Equal([2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0], decoded);
        Assert.Equal(4, compressor.Traits.Contraction(12));
    }

    [Fact]
    public void Zero_vector_is_an_empty_message()
    {
        var message = Ends.Encode(new TopK(0.5), new float[10]);

        Assert.Equal(32, message.Length);
        Assert.Equal(0UL, BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(16)));
        Assert.Equal(new float[10], Ends.Decode(new TopK(0.5), message, 10));
    }

    [Fact]
    public void Message_bytes_are_the_documented_ones()
    {
        float[] values = [0, -2, 0.5f, 0, 0, 0, 0, 1, 0, 0.25f];

        var message = Ends.Encode(TopK.OfCount(2), values);

        // Gaps 1 and 5 with r = ⌊log₂(0.9802·8/3)⌋ = 1: low bits 1, 1; unary 0 and 110: 1 1 | 0 | 1 1 0, least significant first.
        Assert.Equal("474301010201" + "0000" + "0a00000000000000" + "0200000000000000" + "09000000", Convert.ToHexStringLower(message[..28]));
        Assert.Equal("1b" + "000000c0" + "0000803f", Convert.ToHexStringLower(message[32..]));
        Assert.Equal(Checksum.Crc32C([.. message[..28], .. message[32..]]), BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(28)));
    }

    private static string Hash<T>(T[] values)
        where T : unmanaged => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<T>(values)));
}

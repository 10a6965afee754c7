namespace Sidestep.Tests;

public sealed class RngTests
{
    [Fact]
    public void Philox_published_counters_give_published_words()
    {
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block(0, 0, 0, 0, 0, 0));
        const uint ones = uint.MaxValue;
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox.Block(ones, ones, ones, ones, ones, ones));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Fact]
    public void Words_come_from_consecutive_blocks_in_order()
    {
        var rng = new Rng(0x0000000200000001, Purpose.Batch, 4, 7, 9);
        for (uint block = 0; block < 3; block++)
        {
            var (w0, w1, w2, w3) = Philox.Block(block, 7, (2u << 24) | 5, 9, 1, 2);
            Assert.Equal([w0, w1, w2, w3], [rng.NextUInt32(), rng.NextUInt32(), rng.NextUInt32(), rng.NextUInt32()]);
        }
    }

    [Fact]
    public void Next_small_bound_is_uniform_and_in_range()
    {
        var rng = new Rng(1, Purpose.Test, 0, 0, 0);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[rng.Next(7)]++;
        }

        // Chi-square with 6 degrees of freedom; 22.5 is exceeded once in a thousand.
        Assert.True(counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000) < 22.5);
        Assert.Equal(0, rng.Next(1));
        Assert.InRange(rng.Next(int.MaxValue), 0, int.MaxValue - 1);
    }

    [Fact]
    public void Next_bound_below_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Rng(1, Purpose.Test, 0, 0, 0).Next(0));

    [Fact]
    public void NextDouble_is_in_unit_interval_with_its_moments()
    {
        var rng = new Rng(2, Purpose.Test, 0, 0, 0);
        var values = Enumerable.Range(0, 100_000).Select(_ => rng.NextDouble()).ToArray();
        Assert.All(values, v => Assert.InRange(v, 0, 1 - double.Epsilon));
        Assert.Equal(0.5, values.Average(), 0.005);
        Assert.Equal(1.0 / 12, values.Average(v => (v - 0.5) * (v - 0.5)), 0.002);
    }

    [Fact]
    public void NextGaussian_has_the_moments_of_a_standard_normal()
    {
        var rng = new Rng(3, Purpose.Test, 0, 0, 0);
        var values = Enumerable.Range(0, 200_000).Select(_ => rng.NextGaussian()).ToArray();
        Assert.Equal(0, values.Average(), 0.01);
        Assert.Equal(1, values.Average(v => v * v), 0.015);
        Assert.Equal(0, values.Average(v => v * v * v), 0.04);
        Assert.Equal(3, values.Average(v => v * v * v * v), 0.12);
    }

    [Fact]
    public void NextExponential_has_mean_and_deviation()
    {
        var rng = new Rng(4, Purpose.Test, 0, 0, 0);
        var values = Enumerable.Range(0, 200_000).Select(_ => rng.NextExponential(5)).ToArray();
        Assert.Equal(5, values.Average(), 0.06);
        Assert.Equal(50, values.Average(v => v * v), 1.5);
        Assert.True(values.Min() >= 0);
    }

    [Fact]
    public void Streams_that_differ_in_one_counter_share_no_word()
    {
        Rng[] streams =
        [
            new(1, Purpose.Batch, 0, 0, 0), new(2, Purpose.Batch, 0, 0, 0), new(1UL << 32, Purpose.Batch, 0, 0, 0),
            new(1, Purpose.Code, 0, 0, 0), new(1, Purpose.Batch, -1, 0, 0), new(1, Purpose.Batch, 0, 1, 0), new(1, Purpose.Batch, 0, 0, 1),
        ];
        var words = new HashSet<ulong>();
        for (var s = 0; s < streams.Length; s++)
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.True(words.Add(streams[s].NextUInt64()));
            }
        }
    }

    [Fact]
    public void Same_counters_give_the_same_stream()
    {
        var a = new Rng(9, Purpose.Mix, 3, 1L << 20, 5);
        var b = new Rng(9, Purpose.Mix, 3, 1L << 20, 5);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(a.NextUInt64(), b.NextUInt64());
        }
    }
}

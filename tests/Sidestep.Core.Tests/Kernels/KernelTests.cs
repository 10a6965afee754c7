namespace Sidestep.Tests;

public sealed class KernelTests
{
    private const int Longest = 300;

    [Fact]
    public void Axpy_every_length_and_offset_equals_scalar_bits() => ForAll((x, y) =>
    {
        foreach (var weight in new[] { 1f, -0.3f, 1e-38f, 3e37f })
        {
            var expected = y.ToArray();
            var actual = y.ToArray();
            ScalarReference.Axpy(weight, x, expected);
            Axpy.Add(weight, x, actual);
            Values.SameBits(expected, actual, "axpy");
        }
    });

    [Fact]
    public void Scale_every_length_and_offset_equals_scalar_bits() => ForAll((x, y) =>
    {
        var expected = new float[x.Length];
        var actual = x.ToArray();
        ScalarReference.Scale(0.7f, x, expected);
        Scale.By(0.7f, actual);
        Values.SameBits(expected, actual, "scale");
    });

    [Fact]
    public void Dot_and_norms_every_length_and_offset_equal_scalar_bits() => ForAll((x, y) =>
    {
        Assert.Equal(ScalarReference.Dot(x, y), Dot.Product(x, y));
        Assert.Equal(ScalarReference.Dot(x, x), Norms.SquaredL2(x));
        Assert.Equal(ScalarReference.L1(x), Norms.L1(x));
        Assert.Equal(ScalarReference.LInf(x), Norms.LInf(x));
        Assert.Equal(Math.Sqrt(Norms.SquaredL2(x)), Norms.L2(x));
    });

    [Fact]
    public void Norms_huge_values_do_not_overflow()
    {
        var x = Enumerable.Repeat(float.MaxValue, 100).ToArray();
        Assert.Equal(10 * (double)float.MaxValue, Norms.L2(x), 1e25);
        Assert.Equal(float.NaN, Norms.LInf([1, float.NaN, float.PositiveInfinity]));
        Assert.Equal(0, Norms.LInf([]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void FiniteScan_one_bad_value_is_found_wherever_it_is(float bad)
    {
        foreach (var length in new[] { 1, 2, 15, 16, 17, 31, 33, 64, 100, 4095, 4096, 4097, 9000 })
        {
            var x = Values.Make(length, length);
            Assert.True(FiniteScan.AllFinite(x));
            Assert.Equal(-1, FiniteScan.IndexOfNonFinite(x));
            for (var at = 0; at < length; at += 1 + (length / 100))
            {
                var good = x[at];
                x[at] = bad;
                Assert.False(FiniteScan.AllFinite(x));
                Assert.Equal(at, FiniteScan.IndexOfNonFinite(x));
                x[at] = good;
            }
        }

        Assert.True(FiniteScan.AllFinite([]));
    }

    [Fact]
    public void Dot_different_lengths_is_refused() =>
        Assert.Throws<ArgumentException>(() => Dot.Product(new float[3], new float[4]));

    [Fact]
    public void AddScaled_other_number_types_are_exact()
    {
        long[] longs = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        var sum = new long[9];
        BlockKernels.AddScaled<long>(longs, 3, sum);
        Assert.Equal(longs.Select(x => 3 * x), sum);
        decimal[] decimals = [1.5m, 2m];
        var total = new decimal[2];
        BlockKernels.AddScaled<decimal>(decimals, 2m, total);
        Assert.Equal([3m, 4m], total);
    }

    private static void ForAll(Pair check)
    {
        for (var length = 0; length <= Longest; length++)
        {
            var offset = length % 7;
            check(Values.Make(length + offset, 1).AsSpan(offset), Values.Make(length + 3, 2).AsSpan(3));
        }
    }

    private delegate void Pair(ReadOnlySpan<float> x, ReadOnlySpan<float> y);
}

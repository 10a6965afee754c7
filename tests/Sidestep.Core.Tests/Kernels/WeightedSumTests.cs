namespace Sidestep.Tests;

public sealed class WeightedSumTests
{
    [Fact]
    public void Combine_every_length_and_count_equals_scalar_bits()
    {
        for (var length = 0; length <= 300; length++)
        {
            Compare(length, length % 12);
        }
    }

    [Theory]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(32_769)]
    [InlineData(66_001)]
    public void Combine_around_tiles_equals_scalar_bits(int length)
    {
        for (var count = 0; count < 12; count++)
        {
            Compare(length, count);
        }
    }

    [Fact]
    public void Combine_one_vector_with_weight_one_copies_its_bits()
    {
        var set = new Rows([[-0f, float.Epsilon, 3f]], 0);
        var actual = new float[3];
        WeightedSum.Combine(in set, [1f], actual);
        Values.SameBits([-0f, float.Epsilon, 3f], actual, "copy");
    }

    [Fact]
    public void Combine_lengths_that_disagree_are_refused()
    {
        var set = new Rows([new float[3], new float[4]], 0);
        Assert.Throws<ArgumentException>(() => WeightedSum.Combine(in set, [1f, 1f], new float[3]));
        Assert.Throws<ArgumentException>(() => WeightedSum.Combine(in set, [1f], new float[3]));
    }

    [Fact]
    public void Combine_warm_allocates_nothing()
    {
        var set = new Rows([Values.Make(5000, 1), Values.Make(5000, 2), Values.Make(5000, 3), Values.Make(5000, 4), Values.Make(5000, 5)], 0);
        var weights = new float[5];
        var target = new float[5000];
        WeightedSum.Combine(in set, weights, target);
        var before = GC.GetAllocatedBytesForCurrentThread();
        WeightedSum.Combine(in set, weights, target);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Compare(int length, int count)
    {
        var offset = length % 5;
        var rows = Enumerable.Range(0, count).Select(i => Values.Make(length + offset, i)).ToArray();
        var set = new Rows(rows, offset);
        var weights = Values.Make(count, 99).Select(w => Math.Abs(w) > 1e6f ? 1f : w).ToArray();
        var expected = new float[length];
        var actual = Values.Make(length, 77);
        ScalarReference.Combine(in set, weights, expected);
        WeightedSum.Combine(in set, weights, actual);
        Values.SameBits(expected, actual, $"{count} vectors of {length}");
    }

    private readonly struct Rows(float[][] rows, int offset) : IVectors
    {
        public int Count => rows.Length;

        public ReadOnlySpan<float> this[int index] => rows[index].AsSpan(offset);
    }
}

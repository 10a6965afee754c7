using FsCheck.Xunit;

namespace Sidestep.Training.Tests.Data;

public sealed class DatasetTests
{
    private static readonly Dataset Dense = Dataset.FromMemory(
        "dense", 3, 0, Enumerable.Range(0, 30).Select(i => (float)i).ToArray(), Enumerable.Range(0, 10).Select(i => -(float)i).ToArray());

    private static readonly Dataset Sparse = Dataset.FromMemory(
        "sparse", 4, 2, [0, 2, 2, 3], [0, 3, 1], [1, 2, 3], [-1, 1, 1]);

    [Property]
    public void Partition_any_split_covers_all_rows_in_order_with_sizes_that_differ_by_at_most_one(int rows, int cut)
    {
        var count = 1 + (Math.Abs(rows % 500));
        var partitions = 1 + (Math.Abs(cut % count));
        var data = Dataset.FromMemory("d", 1, 0, new float[count], new float[count]);
        long next = 0;
        for (var k = 0; k < partitions; k++)
        {
            var (start, size) = data.Partition(partitions, k);
            Assert.Equal(next, start);
            Assert.InRange(size, count / partitions, (count + partitions - 1) / partitions);
            next = start + size;
        }

        Assert.Equal(count, next);
    }

    [Fact]
    public void Partition_more_partitions_than_rows_is_refused_with_the_nearest_choice()
    {
        var error = Assert.Throws<ConfigurationException>(() => Dense.Rows(11));
        Assert.Contains("at most 10", error.Message);
    }

    [Fact]
    public async Task Read_rows_of_a_partition_in_any_order_gives_those_rows()
    {
        var batch = await Dense.Rows(3).ReadAsync(1, new long[] { 2, 0, 2 }, default);
        Assert.Equal((3, 3), (batch.Count, batch.Features));
        Assert.Equal([18f, 19, 20, 12, 13, 14, 18, 19, 20], batch.Values.ToArray());
        Assert.Equal([-6f, -4, -6], batch.Labels.ToArray());
        Assert.False(batch.IsSparse);
    }

    [Fact]
    public async Task Read_sparse_rows_gives_csr()
    {
        var batch = await Sparse.Rows(1).ReadAsync(0, new long[] { 2, 1, 0 }, default);
        Assert.Equal([0, 1, 1, 3], batch.RowStarts.ToArray());
        Assert.Equal([1, 0, 3], batch.Columns.ToArray());
        Assert.Equal([3f, 1, 2], batch.Values.ToArray());
        Assert.Equal([1f, 1, -1], batch.Labels.ToArray());
    }

    [Theory]
    [InlineData(RowFormat.Bytes)]
    [InlineData(RowFormat.Floats)]
    [InlineData(RowFormat.Sparse)]
    public async Task Read_runs_and_single_rows_agree(RowFormat format)
    {
        using var folder = new DataFolder();
        var data = format switch
        {
            RowFormat.Bytes => folder.Open(new DigitPicturesSource(40, Side: 8)),
            RowFormat.Floats => folder.Open(new GaussianMixtureSource(40, 9, 2, 1, Seed: 1)),
            _ => folder.Open(new LibsvmSource(
                folder.Write("s", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i} {(i % 3 == 0 ? "" : $"{1 + (i % 5)}:{i}")} 7:0.5\n"))), 7, 0)),
        };
        var rows = data.Rows(3);
        var mixed = await rows.ReadAsync(1, new long[] { 4, 5, 6, 2, 3, 12, 0, 1, 1 }, default);
        var (values, labels) = (Enumerable.Range(0, 9).Select(i => DataFolder.Row(mixed, i)).ToArray(), mixed.Labels.ToArray());
        var (all, allLabels) = DataFolder.ReadAll(data);
        Assert.Equal(new[] { 4, 5, 6, 2, 3, 12, 0, 1, 1 }.Select(i => all[14 + i]), values);
        Assert.Equal(new[] { 4, 5, 6, 2, 3, 12, 0, 1, 1 }.Select(i => allLabels[14 + i]), labels);
        var single = await rows.ReadAsync(2, new long[] { 7 }, default);
        Assert.Equal(all[34], DataFolder.Row(single, 0));
    }

    [Fact]
    public async Task Read_row_outside_the_partition_is_an_argument_error() =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Dense.Rows(2).ReadAsync(0, new long[] { 5 }, default));

    [Fact]
    public async Task Read_after_cancellation_is_cancelled() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Dense.Rows(2).ReadAsync(0, new long[] { 0 }, new CancellationToken(true)));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_after_warm_up_allocates_nothing(bool sparse)
    {
        var rows = (sparse ? Sparse : Dense).Rows(1);
        var numbers = new long[] { 0, 1, 2 };
        _ = rows.ReadAsync(0, numbers, default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            Assert.True(rows.ReadAsync(0, numbers, default).IsCompletedSuccessfully);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public async Task Slice_sees_its_rows_only()
    {
        var part = Dense.Slice(6, 3);
        Assert.Equal(3, part.Count);
        var batch = await part.Rows(3).ReadAsync(2, new long[] { 0 }, default);
        Assert.Equal([24f, 25, 26], batch.Values.ToArray());
        Assert.Throws<ConfigurationException>(() => Dense.Slice(8, 3));
    }

    [Fact]
    public void ClassCounts_signs_count_minus_first()
    {
        Assert.Equal([1L, 2L], Sparse.ClassCounts().ToArray());
        Assert.True(Dense.ClassCounts().IsEmpty);
    }

    [Fact]
    public void Fingerprint_differs_exactly_when_contents_do()
    {
        var same = Dataset.FromMemory("sparse", 4, 2, [0, 2, 2, 3], [0, 3, 1], [1, 2, 3], [-1, 1, 1]);
        var other = Dataset.FromMemory("sparse", 4, 2, [0, 2, 2, 3], [0, 3, 1], [1, 2, 4], [-1, 1, 1]);
        Assert.Equal(Sparse.Fingerprint, same.Fingerprint);
        Assert.NotEqual(Sparse.Fingerprint, other.Fingerprint);
    }

    [Fact]
    public void FromMemory_bad_input_is_refused_with_its_row()
    {
        Assert.Contains("row 2, column 1", Assert.Throws<DataException>(() => Dataset.FromMemory("m", 1, 0, [1, float.NaN], [0, 0])).Message);
        Assert.Contains("row 1", Assert.Throws<DataException>(() => Dataset.FromMemory("m", 2, 0, [0, 2], [1, 1], [1, 1], [0])).Message);
        Assert.Contains("3 values for 2 rows", Assert.Throws<DataException>(() => Dataset.FromMemory("m", 2, 0, [1, 2, 3], [0, 0])).Message);
        Assert.Contains("no rows", Assert.Throws<DataException>(() => Dataset.FromMemory("m", 2, 0, [], [])).Message);
        Assert.Contains("row 1: label 5", Assert.Throws<DataException>(() => Dataset.FromMemory("m", 1, 3, [1], [5])).Message);
    }

    [Fact]
    public void Scale_vector_and_scalar_agree_bit_for_bit()
    {
        var bytes = new byte[777];
        new Random(3).NextBytes(bytes);
        var vector = new float[777];
        var scalar = new float[777];
        for (var length = 0; length <= bytes.Length; length += 37)
        {
            PixelKernels.Scale(bytes.AsSpan(0, length), vector);
            PixelKernels.ScaleScalar(bytes.AsSpan(0, length), scalar);
            Assert.Equal(scalar, vector);
        }

        PixelKernels.Scale([255, 0], vector);
        Assert.Equal((1f, 0f), (vector[0], vector[1]));
    }
}

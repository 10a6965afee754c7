namespace Sidestep.Coding.Tests;

public sealed class DropSlowestTests
{
    [Theory]
    [InlineData(true, 0.25)]
    [InlineData(false, 0.2)]
    public void Coverage_error_of_ten_workers_less_two(bool rescale, double perPartition)
    {
        var bench = new Bench(DropSlowestCode.Create(10, 2, rescale));
        var verdict = bench.Round([0, 2, 3, 4, 5, 6, 8, 9]);
        Assert.Equal(perPartition, verdict.Residual * verdict.Residual / 10, 12);
        Assert.Equal(8, bench.Code.Patience.Shares);
        Assert.Equal(Exactness.Approximate, bench.Code.Guarantee.Exactness);
        Assert.Equal(rescale ? 1.25 : 1, bench.Code.Guarantee.Amplification);
        Assert.Equal(!rescale, bench.Code.Guarantee.SteadyWeights);
    }

    [Theory]
    [InlineData("rescaled", 1)]
    [InlineData("biased", 4.0 / 6)]
    [InlineData("backup-workers", 1)]
    public void Mean_over_all_sets_is_the_sum_or_its_share(string kind, double factor)
    {
        var bench = new Bench(kind == "backup-workers" ? BackupWorkersCode.Create(6, 2) : DropSlowestCode.Create(6, 2, kind == "rescaled"));
        var mean = new double[bench.Shape.Length];
        var sets = Bench.Subsets(6).Where(s => s.Length == 4).ToArray();
        foreach (var set in sets)
        {
            bench.Round(set);
            var estimate = bench.Decode();
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += estimate[i] / (double)sets.Length;
            }
        }

        Assert.All(mean.Zip(bench.Sum), pair => Assert.Equal(factor * pair.Second, pair.First, 1e-5));
    }

    [Fact]
    public void Missing_partitions_count_as_even_parts_of_the_prior()
    {
        var code = DropSlowestCode.Create(4, 2, rescale: false);
        var bench = new Bench(code, length: 3);
        bench.Decoder.Begin(0, [4f, 8f, 12f]);
        bench.Offer(1);
        bench.Offer(2);
        bench.Offer(3);
        var expected = bench.Payload(1).Zip(bench.Payload(2), (a, b) => a + b).Zip(bench.Payload(3), (a, b) => a + b).ToArray();
        float[] quarter = [1, 2, 3];
        Assert.Equal(expected.Zip(quarter, (a, b) => a + b), bench.Decode());
        bench.Decoder.Begin(1, []);
        bench.Offer(1);
        Assert.Equal(bench.Payload(1), bench.Decode());
    }

    [Fact]
    public void Uncoded_with_one_missing_is_not_exact()
    {
        var bench = new Bench(UncodedCode.Create(5));
        Assert.Equal(1, bench.Round([0, 1, 2, 4]).Residual);
        Assert.Equal(DecodeStatus.Approximate, DecodePlanner.Plan(bench.Code.Table, [0, 1, 2, 4]).Status);
    }
}

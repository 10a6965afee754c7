namespace Sidestep.Coding.Tests;

/// <summary>Oracles of fractional and cyclic repetition.</summary>
public sealed class RepetitionTests
{
    private static readonly double[,] FourByOne = { { 1, 2, 3, -6 } };
    private static readonly double[,] FiveByTwo = { { 1, 0, 1, 1, -3 }, { 0, 1, 1, 2, -4 } };

    [Fact]
    public void Fractional_four_by_one_is_the_published_matrix()
    {
        AssertMatrix(FractionalRepetitionCode.Create(4, 1).Table, new[,] { { 1.0, 1, 0, 0 }, { 1, 1, 0, 0 }, { 0, 0, 1, 1 }, { 0, 0, 1, 1 } });
    }

    [Fact]
    public void Fractional_with_unequal_groups_has_as_many_partitions_as_workers()
    {
        var code = FractionalRepetitionCode.Create(11, 2);
        Assert.Equal([3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4], code.Table.Rows.Select(r => r.Terms.Length));
        Assert.Equal(2, code.Guarantee.Stragglers);
        Assert.Equal(7, FractionalRepetitionCode.Create(8, 4).Guarantee.Stragglers);
    }

    [Fact]
    public void Cyclic_four_by_one_has_the_stated_matrix()
    {
        AssertMatrix(
            CyclicRepetitionCode.FromMatrix(FourByOne).Table,
            new[,] { { 1, -0.5, 0, 0 }, { 0, 1, -2.0 / 3, 0 }, { 0, 0, 1, 0.5 }, { 6.0, 0, 0, 1 } });
    }

    [Fact]
    public void Cyclic_five_by_two_has_the_stated_matrix()
    {
        double[,] expected =
        {
            { 1, 1, -1, 0, 0 }, { 0, 1, 1, -1, 0 }, { 0, 0, 1, 0.5, 0.5 }, { 0.5, 0, 0, 1, 0.5 }, { 3, 4, 0, 0, 1 },
        };
        AssertMatrix(CyclicRepetitionCode.FromMatrix(FiveByTwo).Table, expected);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, new[] { 1, 1.5, 2 })]
    [InlineData(new[] { 0, 1, 3 }, new[] { -5, -1.5, 1 })]
    [InlineData(new[] { 0, 2, 3 }, new[] { -2, 1, 0.5 })]
    [InlineData(new[] { 1, 2, 3 }, new[] { 1, 5.0 / 3, 1.0 / 6 })]
    public void Cyclic_four_by_one_decodes_with_the_stated_weights(int[] rows, double[] expected) =>
        AssertWeights(CyclicRepetitionCode.FromMatrix(FourByOne), rows, expected);

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, new[] { 1.0, 0, 2 })]
    [InlineData(new[] { 0, 1, 3 }, new[] { 0.0, 1, 2 })]
    [InlineData(new[] { 0, 1, 4 }, new[] { -2.0, -1, 1 })]
    [InlineData(new[] { 0, 2, 3 }, new[] { 1.0, 2, 0 })]
    [InlineData(new[] { 0, 3, 4 }, new[] { -1, 1, 0.5 })]
    [InlineData(new[] { 1, 2, 4 }, new[] { -1.0 / 3, 4.0 / 3, 1.0 / 3 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 1, 0.5, 0.25 })]
    public void Cyclic_five_by_two_decodes_with_the_stated_weights(int[] rows, double[] expected) =>
        AssertWeights(CyclicRepetitionCode.FromMatrix(FiveByTwo), rows, expected);

    [Fact]
    public void Cyclic_certificate_is_the_largest_stated_norm()
    {
        Assert.Equal(7.5, Certificate.Of(CyclicRepetitionCode.FromMatrix(FourByOne)).Amplification, 1e-5);
        Assert.Equal(4, Certificate.Of(CyclicRepetitionCode.FromMatrix(FourByOne)).Patterns);
    }

    [Fact]
    public void Parallel_columns_are_refused_by_name()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => CyclicRepetitionCode.FromMatrix(new double[,] { { 1, 2, -1, 1, -3 }, { 2, -1, 1, 1, -3 } }));
        Assert.Contains("3, 4", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ConfigurationException>(() => CyclicRepetitionCode.FromMatrix(new double[,] { { 1, 2, 3, -5 } }));
        Assert.Contains("sums to 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 2, 1UL)]
    [InlineData(12, 3, 2UL)]
    [InlineData(9, 8, 4UL)]
    public void Cyclic_rows_lie_in_a_space_of_dimension_n_less_s(int workers, int stragglers, ulong seed)
    {
        var table = CyclicRepetitionCode.Create(workers, stragglers, seed).Table;
        var matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(Matrix(table));
        var singular = matrix.Svd(computeVectors: false).S;
        Assert.Equal(workers - stragglers, singular.Count(s => s > 1e-5 * singular[0]));
        Assert.All(table.Rows, (row, i) => Assert.Equal(
            Enumerable.Range(0, stragglers + 1).Select(t => (i + t) % workers),
            row.Terms.Select(t => table.Items[t.Item].Mix[0].Partition)));
    }

    [Fact]
    public void Failing_sets_of_six_by_two_with_three_missing()
    {
        var sets = Bench.Subsets(6).Where(s => s.Length == 3).ToArray();
        Assert.Equal(20, sets.Count(s => Fails(CyclicRepetitionCode.Create(6, 2, seed: 1), s)));
        Assert.Equal(2, sets.Count(s => Fails(FractionalRepetitionCode.Create(6, 2), s)));
    }

    [Fact]
    public void Chances_of_twelve_by_two_to_decode()
    {
        double[] rates = [0.05, 0.1, 0.2, 0.3];
        AssertChances(FractionalRepetitionCode.Create(12, 2), rates, [0.99950, 0.99601, 0.96838, 0.89630]);
        AssertChances(CyclicRepetitionCode.Create(12, 2, seed: 1), rates, [0.98043, 0.88913, 0.55835, 0.25282]);
    }

    [Fact]
    public void Cyclic_amplification_above_the_limit_is_refused_with_a_way_out()
    {
        var error = Assert.Throws<ConfigurationException>(() => CyclicRepetitionCode.Create(8, 3, seed: 1, maxAmplification: 2));
        Assert.Contains("fractional-repetition", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Best_of_a_hundred_draws_is_usable_in_float32()
    {
        var certificate = Certificate.Of(CyclicRepetitionCode.Create(10, 3, seed: 1));
        Assert.Equal(120, certificate.Patterns);
        Assert.InRange(certificate.Amplification, 1, 1024);
    }

    [Fact]
    public void Drawn_weights_are_the_same_bits_everywhere()
    {
        uint[] expected =
        [
            0x3f800000, 0xbf69c336, 0xbf1b1366, 0x3f800000, 0xc0349d51, 0xbfabbf12, 0x3f800000, 0x3f5a81a2, 0x3f42ab1a,
        ];
        var weights = CyclicRepetitionCode.Create(8, 2, seed: 1).Table.Rows.SelectMany(row => row.Terms).Select(t => t.Weight);
        Assert.Equal(expected, weights.Take(9).Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void A_thousand_sets_are_planned_again_after_the_cache_forgot_them()
    {
        var bench = new Bench(CyclicRepetitionCode.Create(10, 2, seed: 1), length: 5);
        var first = Decodes();
        Assert.Equal(first, Decodes());

        float[][] Decodes() => [.. Bench.Subsets(10).Select(set =>
        {
            bench.Round(set);
            return bench.Decode();
        })];
    }

    [Fact]
    public void Replicas_have_weight_one_in_class_order()
    {
        var plan = DecodePlanner.Plan(FractionalRepetitionCode.Create(6, 2).Table, [5, 2, 1, 3]);
        Assert.Equal([0.0, 0, 1, 1], plan.Weights.Cast<double>());
        Assert.Equal((0.0, 2.0, 1.0, DecodeStatus.Exact), (plan.Residual, plan.NoiseGain, plan.Condition, plan.Status));
        Assert.Throws<ConfigurationException>(() => DecodePlanner.Plan(UncodedCode.Create(2).Table, [2]));
    }

    private static bool Fails(ICode<float> code, int[] rows) => DecodePlanner.Plan(code.Table, rows).Status != DecodeStatus.Exact;

    private static void AssertChances(ICode<float> code, double[] rates, double[] expected)
    {
        var bench = new Bench(code, length: 1);
        var chances = new double[rates.Length];
        foreach (var set in Bench.Subsets(code.Table.Workers).Where(s => bench.Round(s).Residual == 0))
        {
            for (var i = 0; i < rates.Length; i++)
            {
                chances[i] += Math.Pow(1 - rates[i], set.Length) * Math.Pow(rates[i], code.Table.Workers - set.Length);
            }
        }

        Assert.All(chances.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 5));
    }

    private static void AssertWeights(ICode<float> code, int[] rows, double[] expected)
    {
        var plan = DecodePlanner.Plan(code.Table, rows);
        Assert.Equal(DecodeStatus.Exact, plan.Status);
        Assert.All(plan.Weights.Cast<double>().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.Equal(expected.Sum(Math.Abs), plan.NoiseGain, 1e-5);
    }

    private static void AssertMatrix(CodeTable<float> table, double[,] expected)
    {
        Assert.All(Matrix(table).Cast<double>().Zip(expected.Cast<double>()), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
    }

    private static double[,] Matrix(CodeTable<float> table)
    {
        var matrix = new double[table.Rows.Length, table.Partitions];
        for (var r = 0; r < table.Rows.Length; r++)
        {
            foreach (var term in table.Rows[r].Terms)
            {
                matrix[r, table.Items[term.Item].Mix[0].Partition] += term.Weight;
            }
        }

        return matrix;
    }
}

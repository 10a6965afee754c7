using System.Numerics;

namespace Sidestep.Coding.Tests;

/// <summary>Oracles and laws of cyclic MDS and Reed–Solomon codes.</summary>
public sealed class CyclicMdsTests
{
    [Theory]
    [InlineData(4, 1, new[] { 1.0, 1 })]
    [InlineData(5, 2, new[] { 1, 1.618034, 1 })]
    [InlineData(6, 3, new[] { 1.0, 2, 2, 1 })]
    [InlineData(7, 4, new[] { 1, 2.246980, 2.801938, 2.246980, 1 })]
    [InlineData(8, 3, new[] { 1, 2.414214, 2.414214, 1 })]
    public void Real_first_row_is_the_stated_one(int workers, int stragglers, double[] expected)
    {
        Assert.True(CyclicMdsCode.IsReal(workers, stragglers));
        var actual = CyclicMdsCode.Coefficients(workers, stragglers);
        Assert.Equal(expected.Length, actual.Length);
        for (var t = 0; t < expected.Length; t++)
        {
            Assert.Equal(expected[t], actual[t].Real, 6);
            Assert.Equal(0, actual[t].Imaginary, 12);
        }
    }

    [Theory]
    [InlineData(4, 1, new[] { 0, 2 }, new[] { 1.0, 1 })]
    [InlineData(4, 1, new[] { 1, 3 }, new[] { 1.0, 1 })]
    [InlineData(5, 2, new[] { 0, 1, 2 }, new[] { 1, -0.618034, 1 })]
    [InlineData(5, 2, new[] { 0, 1, 3 }, new[] { 0.381966, 0.381966, 0.618034 })]
    [InlineData(5, 2, new[] { 0, 2, 4 }, new[] { 0.381966, 0.618034, 0.381966 })]
    public void Real_code_decodes_with_the_stated_weights(int workers, int stragglers, int[] rows, double[] expected)
    {
        var plan = DecodePlanner.Plan(CyclicMdsCode.Create(workers, stragglers).Table, rows);
        Assert.Equal(DecodeStatus.Exact, plan.Status);
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(expected[i], plan.Weights[i, 0], 5);
        }
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(6, 2)]
    [InlineData(8, 3)]
    [InlineData(5, 2)]
    public void Any_tolerated_set_decodes_and_some_set_of_one_fewer_does_not(int workers, int stragglers)
    {
        var table = CyclicMdsCode.Create(workers, stragglers).Table;
        var sets = Bench.Subsets(workers).ToLookup(set => set.Length, set => Enumerable.Range(0, table.Rows.Length).Where(r => set.Contains(table.Rows[r].Worker)).ToArray());
        Assert.All(sets[workers - stragglers], rows => Assert.Equal(DecodeStatus.Exact, DecodePlanner.Plan(table, rows).Status));
        Assert.Contains(sets[workers - stragglers - 1], rows => DecodePlanner.Plan(table, rows).Status != DecodeStatus.Exact);
    }

    [Theory]
    [InlineData(8, 3, 13)]
    [InlineData(10, 3, 26)]
    [InlineData(12, 5, 97)]
    public void Amplification_is_the_stated_one(int workers, int stragglers, double expected)
    {
        // The stated one has rows of norm √(s + 1).
        var c = CyclicMdsCode.Coefficients(workers, stragglers);
        var scale = Math.Sqrt(c.Sum(x => x.Magnitude * x.Magnitude) / (stragglers + 1));
        Assert.InRange(CyclicMdsCode.Create(workers, stragglers).Guarantee.Amplification * scale / expected, 0.95, 1.05);
    }

    [Fact]
    public void Reed_Solomon_four_by_one_has_the_stated_rows()
    {
        var weights = ReedSolomonCode.Weights(4, 1);
        for (var worker = 0; worker < 4; worker++)
        {
            Close(new Complex(2, 2), weights[worker, worker]);
            Close(new Complex(2, -2), weights[worker, (worker + 1) % 4]);
            Close(0, weights[worker, (worker + 2) % 4]);
            Close(0, weights[worker, (worker + 3) % 4]);
        }

        // Interpolation at 0 from points 1, i, −1: the stated decode weights.
        Complex[] decode = [new(0.25, -0.25), 0.5, new(0.25, 0.25)];
        for (var partition = 0; partition < 4; partition++)
        {
            Close(1, Enumerable.Range(0, 3).Aggregate(Complex.Zero, (sum, l) => sum + (decode[l] * weights[l, partition])));
        }
    }

    [Theory]
    [InlineData(4, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 3)]
    [InlineData(8, 3)]
    public void Reed_Solomon_interpolates_at_zero_from_any_tolerated_set(int workers, int stragglers)
    {
        var weights = ReedSolomonCode.Weights(workers, stragglers);
        foreach (var set in Bench.Subsets(workers).Where(s => s.Length >= workers - stragglers))
        {
            var points = set.ToDictionary(l => l, l => Complex.FromPolarCoordinates(1, 2 * Math.PI * l / workers));
            for (var partition = 0; partition < workers; partition++)
            {
                var sum = Complex.Zero;
                foreach (var l in set)
                {
                    var weight = set.Where(o => o != l).Aggregate(Complex.One, (product, o) => product * points[o] / (points[o] - points[l]));
                    sum += weight * weights[l, partition];
                }

                Close(1, sum);
            }
        }

        Assert.Equal(stragglers, ReedSolomonCode.Create(workers, stragglers).Guarantee.Stragglers);
    }

    [Fact]
    public void Bad_parameters_are_refused()
    {
        Assert.Contains("nearest is 3", Assert.Throws<ConfigurationException>(() => CyclicMdsCode.Create(4, 4)).Message, StringComparison.Ordinal);
        Assert.Contains(FractionalRepetitionCode.Name, Assert.Throws<ConfigurationException>(() => CyclicMdsCode.Create(30, 15)).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => ReedSolomonCode.Create(0, 0));
    }

    private static void Close(Complex expected, Complex actual) => Assert.True(Complex.Abs(expected - actual) < 1e-11, $"{actual} is not {expected}");
}

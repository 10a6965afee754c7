using Sidestep.Coding;
using Sidestep.Training.Tests.Objectives;
using Sidestep.Training.Tests.Sources;

namespace Sidestep.Training.Tests.Strategies;

public sealed class BlockScalesTests
{
    [Fact]
    public void Blocks_of_different_scale_in_one_row_are_told_once_with_figures()
    {
        var scales = BlockScales.Of(Plan())!;
        var gradient = Gradient(1e4f);
        Assert.False(scales.Look(0, gradient, out _));
        Assert.False(scales.Look(0.5, gradient, out _));
        Assert.False(scales.Look(0, gradient, out _));
        Assert.True(scales.Look(0, gradient, out var found));
        Assert.Equal("0 and 2", found.Blocks);
        Assert.InRange(found.Ratio, 0.99e4, 1.01e4);
        Assert.Equal(2, found.Row);
        Assert.False(scales.Look(0, gradient, out _));
    }

    [Fact]
    public void Like_scales_padding_and_zero_blocks_are_not_told()
    {
        Assert.False(Told(Gradient(900)));
        var none = Gradient(1);
        none.AsSpan(0, 13).Clear();
        Assert.False(Told(none));
        Assert.Null(BlockScales.Of(Scenario.Plan(UncodedCode.Create(3))));

        // One coordinate in the last block, as large as the others.
        Assert.False(Told(Enumerable.Repeat(1f, 25).ToArray(), 25));
    }

    [Fact]
    public void A_run_reports_it()
    {
        // Features of the second block are 10,000 times those of the first.
        var code = PairLinesCode.Create(2);
        var values = Samples.Gaussian(1, 40 * 8);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= i % 8 >= 5 ? 1e2f : 1e-2f;
        }

        var batch = new Batch { Count = 40, Features = 8, Values = values, Labels = Samples.Gaussian(2, 40) };
        var plan = Scenario.Plan(code, rounds: 5) with
        {
            Objective = () => new LeastSquares(8, 0),
            Shape = new LeastSquares(8, 0).Shape,
            Layout = new ContiguousLayout(2),
            Source = new PartitionGradients(() => new LeastSquares(8, 0), () => new ArrayRows([batch]), new RotatingBatches(1, 40, 40)),
            Optimizer = new Sgd(new ConstantSchedule(1e-6)),
        };
        var told = Assert.Single(Scenario.Run(new CodedDescent(), plan).Events, e => e.Phase == Phase.Uneven);
        Assert.Equal((2, "0 and 1"), (told.Round, told.Name));
        Assert.InRange(told.Value, 1e3, 1e6);
    }

    private static bool Told(float[] gradient, int length = Scenario.Length)
    {
        var scales = BlockScales.Of(Plan(length))!;
        return Enumerable.Range(0, 5).Any(_ => scales.Look(0, gradient, out var _));
    }

    private static RunPlan Plan(int length = Scenario.Length) => Scenario.Plan(PairLinesCode.Create(3)) with { Shape = ModelShape.Flat(length) };

    // Three blocks of 13, 13 and 11 coordinates.
    private static float[] Gradient(float ratio) => [.. Enumerable.Range(0, Scenario.Length).Select(i => (i % 2 == 0 ? 1 : -1) * (i < 13 ? 1 / ratio : i < 26 ? 0.1f : 1f))];
}

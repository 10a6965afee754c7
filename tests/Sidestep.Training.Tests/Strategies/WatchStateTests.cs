using System.Buffers;

namespace Sidestep.Training.Tests.Strategies;

public sealed class WatchStateTests
{
    private static readonly Watch Loss = new("validation.loss", LargerIsBetter: false);

    [Fact]
    public void Improvements_exceed_the_least_difference_and_nan_is_none()
    {
        var state = new WatchState(Loss with { MinDelta = 0.125 }, null);
        Assert.Null(state.Best);
        double[] values = [double.NaN, 2, 1.95, 1.875, 1.8, double.PositiveInfinity, 1.5, double.NegativeInfinity];
        bool[] better = [false, true, false, false, true, false, true, false];
        Assert.Equal(better, values.Select((v, i) => state.Observe(10 * (i + 1), v)));
        Assert.Equal(new BestModel(70, "validation.loss", 1.5), state.Best);
        Assert.Null(state.Ending());
    }

    [Fact]
    public void Patience_counts_evaluations_in_a_row()
    {
        var state = new WatchState(Loss with { Patience = 3 }, null);
        foreach (var value in (double[])[1, 1.1, 1.2, 0.9, 0.95, 1])
        {
            state.Observe(10, value);
            Assert.Null(state.Ending());
        }

        state.Observe(70, 0.9);
        Assert.Equal(
            "stopped early after round 70: validation.loss has not improved for 3 evaluations; best 0.9 after round 10", state.Ending());
    }

    [Theory]
    [InlineData(true, 0.9, 0.9, true)]
    [InlineData(true, 0.9, 0.8999, false)]
    [InlineData(false, 0.9, 0.9, true)]
    [InlineData(false, 0.9, 0.9001, false)]
    public void Target_ends_the_run_when_it_is_reached(bool larger, double target, double value, bool ends)
    {
        var state = new WatchState(new Watch("test.accuracy", larger, MinDelta: 0.5, Target: target), null);
        state.Observe(1, larger ? 0.7 : 1.1);
        state.Observe(5, value);
        Assert.Equal(ends, state.Ending()?.StartsWith("target reached after round 5: test.accuracy is 0.9", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Rate_falls_after_so_many_flat_evaluations_down_to_the_floor()
    {
        var state = new WatchState(Loss, new Plateau(0.5, 2, 0.2));
        double[] values = [1, 1, 1, 1, 1, 0.5, 0.6, 0.6, 0.6, 0.6];
        double[] scales = [1, 1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.2, 0.2, 0.2];
        for (var i = 0; i < values.Length; i++)
        {
            state.Observe(i, values[i]);
            Assert.Equal(scales[i], state.RateScale);
        }
    }

    [Fact]
    public void End_of_a_run_counts_for_the_best_model_alone()
    {
        var state = new WatchState(Loss with { Patience = 1 }, new Plateau(0.5, 1));
        state.Observe(10, 1);
        Assert.False(state.ObserveEnd(15, 2));
        Assert.Null(state.Ending());
        Assert.Equal(1, state.RateScale);
        Assert.True(state.ObserveEnd(15, 0.5));
        Assert.Equal(15, state.Best!.Round);
    }

    [Fact]
    public void Saved_state_goes_on_the_same_way()
    {
        var watch = Loss with { Patience = 4 };
        var plateau = new Plateau(0.5, 3);
        double[] values = [3, 2, 2.5, 2, 1, 1.5, 1.5, 1.4, 1.1, 0.5];
        var whole = new WatchState(watch, plateau);
        for (var cut = 0; cut <= values.Length; cut++)
        {
            var part = new WatchState(watch, plateau);
            for (var i = 0; i < cut; i++)
            {
                part.Observe(i, values[i]);
            }

            var rest = Copy(part, new WatchState(watch, plateau));
            Assert.Equal(part.Ending(), rest.Ending());
            for (var i = cut; i < values.Length; i++)
            {
                rest.Observe(i, values[i]);
            }

            whole = cut == 0 ? rest : whole;
            Assert.Equal(Bytes(whole), Bytes(rest));
        }
    }

    [Fact]
    public void Another_metric_starts_without_a_best_model_and_keeps_the_rate()
    {
        var state = new WatchState(Loss, new Plateau(0.5, 1));
        state.Observe(1, 1);
        state.Observe(2, 1);
        var other = Copy(state, new WatchState(Loss with { Metric = "test.loss", Patience = 1 }, new Plateau(0.5, 1)));
        Assert.Null(other.Best);
        Assert.Null(other.Ending());
        Assert.Equal(0.5, other.RateScale);
    }

    private static WatchState Copy(WatchState from, WatchState to)
    {
        StateBytes.Read(Bytes(from), to);
        return to;
    }

    private static byte[] Bytes(WatchState state)
    {
        var writer = new ArrayBufferWriter<byte>();
        StateBytes.Write(state, writer);
        return writer.WrittenSpan.ToArray();
    }
}

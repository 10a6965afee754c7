namespace Sidestep.Tests;

public sealed class PortableTests
{
    [Fact]
    public void Exp_whole_range_is_within_two_ulp()
    {
        Within(Portable.Exp, Math.Exp, Sweep(-708, 709.7));
        Within(Portable.Exp, Math.Exp, Sweep(-1, 1));
        Assert.Equal(1, Portable.Exp(0));
        Assert.Equal(double.PositiveInfinity, Portable.Exp(710));
        Assert.Equal(0, Portable.Exp(-746));
        Assert.Equal(double.Epsilon, Portable.Exp(-744.9));
    }

    [Fact]
    public void Log_whole_range_is_within_two_ulp()
    {
        Within(Portable.Log, Math.Log, Sweep(0.4, 2.5));
        Within(Portable.Log, Math.Log, Sweep(-740, 709).Select(Math.Exp));
        Assert.Equal(0, Portable.Log(1));
        Assert.Equal(Math.Log(double.Epsilon), Portable.Log(double.Epsilon), 12);
        Assert.True(double.IsNaN(Portable.Log(-1)));
    }

    [Fact]
    public void Tanh_whole_range_is_within_two_ulp()
    {
        Within(Portable.Tanh, Math.Tanh, Sweep(-21, 21));
        Within(Portable.Tanh, Math.Tanh, Sweep(-0.6, 0.6));
        Within(Portable.Tanh, Math.Tanh, Sweep(-700, 1).Select(Math.Exp));
        Assert.Equal(-1, Portable.Tanh(double.NegativeInfinity));
        Assert.True(double.IsNegative(Portable.Tanh(-0.0)));
    }

    private static IEnumerable<double> Sweep(double from, double to) =>
        Enumerable.Range(0, 200_001).Select(i => from + ((to - from) * i / 200_000));

    private static void Within(Func<double, double> function, Func<double, double> reference, IEnumerable<double> points)
    {
        var (worst, at) = (0.0, 0.0);
        foreach (var x in points)
        {
            var off = Values.UlpsOff(function(x), reference(x));
            (worst, at) = off > worst ? (off, x) : (worst, at);
        }

        Assert.True(worst <= 2, $"{function.Method.Name}({at:R}) is {worst:0.00} ulp off");
    }
}

using FsCheck.Xunit;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Ledger;

public sealed class WaitingTests
{
    [Property]
    public void Parts_sum_to_the_whole_and_none_is_negative(ushort[] arrivals, ushort from, ushort length)
    {
        var times = arrivals.Select(a => (double)a).ToArray();
        double until = from + length;
        var parts = Split(times, from, until);
        var whole = times.Length == 0 ? 0 : Math.Max(0, Math.Min(until, times.Max()) - from);
        Assert.Equal(whole, parts.Sum(), 6);
        Assert.All(parts, p => Assert.True(p >= 0));
    }

    [Property]
    public void Later_ones_bear_more_and_equals_bear_the_same(byte[] arrivals)
    {
        var parts = Split([.. arrivals.Select(a => (double)a)], 10, 200);
        for (var i = 0; i < arrivals.Length; i++)
        {
            for (var j = 0; j < arrivals.Length; j++)
            {
                Assert.True(arrivals[i] > arrivals[j] || parts[i] <= parts[j]);
            }

            Assert.True(arrivals[i] > 10 || parts[i] == 0);
        }
    }

    private static double[] Split(double[] arrivals, double from, double until)
    {
        var parts = new double[arrivals.Length];
        Waiting.Split([.. arrivals], [.. Enumerable.Range(0, arrivals.Length)], from, until, parts);
        return parts;
    }
}

namespace Sidestep.Cli.Report;

/// <summary>Maps values to a stretch of pixels, and says where ticks belong.</summary>
internal sealed class AxisScale
{
    // A logarithmic axis pays when the largest value is so many times the smallest.
    private const double LogFrom = 30;

    // Shorter spans have no room for ticks between denormal numbers.
    private const double Smallest = 1e-300;

    private readonly double _least, _most;
    private readonly double _from, _to;

    private AxisScale(double least, double most, bool isLog, double from, double to) =>
        (_least, _most, IsLog, _from, _to) = (least, most, isLog, from, to);

    /// <summary>Whether equal steps are equal ratios.</summary>
    public bool IsLog { get; }

    /// <summary>The smallest value.</summary>
    public double Least => _least;

    /// <summary>The largest value.</summary>
    public double Most => _most;

    /// <summary>A scale for values between two, widened to whole ticks if it is linear.</summary>
    /// <param name="least">The smallest value.</param>
    /// <param name="most">The largest value.</param>
    /// <param name="mayBeLog">Whether it may be logarithmic if the values ask for it.</param>
    /// <param name="from">Pixel of the smallest value.</param>
    /// <param name="to">Pixel of the largest value.</param>
    /// <param name="ticks">About how many ticks.</param>
    public static AxisScale For(double least, double most, bool mayBeLog, double from, double to, int ticks = 5)
    {
        if (!(least <= most))
        {
            (least, most) = (0, 1);
        }

        if (mayBeLog && least > Smallest && most / least >= LogFrom)
        {
            return new AxisScale(least, most, true, from, to);
        }

        if (most - least < Smallest)
        {
            // One value stands in the middle.
            var around = Math.Abs(least) < Smallest ? 1 : Math.Abs(least) / 2;
            (least, most) = (least - around, most + around);
        }

        var step = Step(most - least, ticks);
        return new AxisScale(Math.Floor((least / step) + 1e-9) * step, Math.Ceiling((most / step) - 1e-9) * step, false, from, to);
    }

    /// <summary>A linear scale that is not widened.</summary>
    public static AxisScale Exactly(double least, double most, double from, double to) =>
        new(least, most > least ? most : least + 1, false, from, to);

    /// <summary>The pixel of a value.</summary>
    public double At(double value) => _from + (Part(value) * (_to - _from));

    /// <summary>Values of the ticks, ascending.</summary>
    /// <param name="count">About how many.</param>
    public IReadOnlyList<double> Ticks(int count) => IsLog ? LogTicks(count) : LinearTicks(count);

    private static double Step(double span, int count)
    {
        var raw = span / Math.Max(1, count);
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return (raw / power) switch
        {
            <= 1.000001 => power,
            <= 2.000001 => 2 * power,
            <= 5.000001 => 5 * power,
            _ => 10 * power,
        };
    }

    private double Part(double value) => IsLog
        ? (Math.Log(value) - Math.Log(_least)) / (Math.Log(_most) - Math.Log(_least))
        : (value - _least) / (_most - _least);

    private List<double> LinearTicks(int count)
    {
        var step = Step(_most - _least, count);
        var ticks = new List<double>();
        for (var i = Math.Ceiling((_least / step) - 1e-9); i * step <= _most + (step * 1e-9); i++)
        {
            ticks.Add(i * step);
        }

        return ticks;
    }

    // 1, 2 and 5 of each decade if few decades are shown, else powers of ten.
    private List<double> LogTicks(int count)
    {
        var decades = Math.Log10(_most / _least);
        double[] steps = decades * 3 <= 1.5 * count ? [1, 2, 5] : [1];
        var every = Math.Max(1, (int)Math.Ceiling(decades / (1.5 * count)));
        var ticks = new List<double>();
        for (var power = (int)Math.Floor(Math.Log10(_least)); power <= Math.Log10(_most) + 1e-9; power++)
        {
            foreach (var step in steps)
            {
                var tick = step * Math.Pow(10, power);
                if (power % every == 0 && tick >= _least * (1 - 1e-9) && tick <= _most * (1 + 1e-9))
                {
                    ticks.Add(tick);
                }
            }
        }

        return ticks;
    }
}

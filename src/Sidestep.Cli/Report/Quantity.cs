using System.Globalization;

namespace Sidestep.Cli.Report;

/// <summary>What an axis measures.</summary>
internal enum Quantity
{
    /// <summary>A number without a unit.</summary>
    Number,

    /// <summary>A duration.</summary>
    Seconds,

    /// <summary>Time of workers together.</summary>
    WorkerSeconds,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>A unit in which numbers of a size are easy to read.</summary>
/// <param name="Name">As it stands behind the axis' name; empty: none.</param>
/// <param name="Size">How many base units it is.</param>
internal readonly record struct Unit(string Name, double Size)
{
    private static readonly Unit[] Times = [new("µs", 1e-6), new("ms", 1e-3), new("s", 1), new("min", 60), new("h", 3600)];
    private static readonly Unit[] WorkerTimes = [new("worker-ms", 1e-3), new("worker-s", 1), new("worker-min", 60), new("worker-h", 3600)];
    private static readonly Unit[] Sizes = [new("B", 1), new("kB", 1e3), new("MB", 1e6), new("GB", 1e9), new("TB", 1e12)];

    /// <summary>The unit for numbers up to a largest one.</summary>
    public static Unit For(Quantity quantity, double largest) => quantity switch
    {
        Quantity.Seconds => Pick(Times, largest),
        Quantity.WorkerSeconds => Pick(WorkerTimes, largest),
        Quantity.Bytes => Pick(Sizes, largest),
        _ => new Unit(string.Empty, 1),
    };

    /// <summary>A number of base units with its unit, in four digits.</summary>
    public static string Show(Quantity quantity, double value)
    {
        var unit = For(quantity, Math.Abs(value));
        return unit.Name.Length == 0 ? Digits(value) : $"{Digits(value / unit.Size)} {unit.Name}";
    }

    /// <summary>A number in four digits, or with k, M, G.</summary>
    public static string Digits(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1e9 => Text($"{value / 1e9:0.###}G"),
        >= 1e6 => Text($"{value / 1e6:0.###}M"),
        >= 1e4 => Text($"{value / 1e3:0.##}k"),
        >= 1000 => Text($"{value:0}"),
        >= 100 => Text($"{value:0.#}"),
        >= 10 => Text($"{value:0.##}"),
        >= 0.1 => Text($"{value:0.###}"),
        >= 1e-3 => Text($"{value:0.#####}"),
        _ => Text($"{value:0.##e0}"),
    };

    // Minutes and hours only from two on: people think 90 s, not 1.5 min.
    private static Unit Pick(Unit[] units, double largest)
    {
        for (var i = units.Length - 1; i > 0; i--)
        {
            if (largest >= (units[i].Size % 60 == 0 ? 2 : 1) * units[i].Size)
            {
                return units[i];
            }
        }

        return units[0];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

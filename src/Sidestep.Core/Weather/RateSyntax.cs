using System.Globalization;

namespace Sidestep;

/// <summary>Rates of links in specs and flags: a decimal number and a unit, <c>500KB/s</c>, <c>1.5MB/s</c>, <c>20Mbit/s</c>. K, M and G are powers of 1000.</summary>
public static class RateSyntax
{
    private const long Most = 1_000_000_000_000;

    private static readonly (string Unit, decimal Bytes)[] Units =
    [
        ("GB/s", 1_000_000_000), ("MB/s", 1_000_000), ("KB/s", 1_000), ("Gbit/s", 125_000_000), ("Mbit/s", 125_000), ("Kbit/s", 125), ("B/s", 1),
    ];

    /// <summary>Reads a rate, in bytes per second.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">It is not a rate, is less than 1 byte per second, or more than 1000 GB/s.</exception>
    public static long Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        foreach (var (unit, bytes) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(trimmed.AsSpan(0, trimmed.Length - unit.Length).TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return number <= Most / bytes && number * bytes >= 1
                    ? (long)(number * bytes)
                    : throw new ConfigurationException($"the rate '{trimmed}' is out of range; it goes from 1B/s to 1000GB/s");
            }
        }

        throw new ConfigurationException($"'{trimmed}' is not a rate; write a number and a unit (B/s, KB/s, MB/s, GB/s, Kbit/s, Mbit/s or Gbit/s), such as '5MB/s' or '20Mbit/s'");
    }

    /// <summary>Writes a rate in the largest unit of bytes that needs no fraction; <see cref="Parse"/> reads it back.</summary>
    /// <param name="bytesPerSecond">At least 1.</param>
    public static string Format(long bytesPerSecond)
    {
        var (unit, bytes) = Units.Where(u => u.Unit[^3] == 'B').First(u => bytesPerSecond % u.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytesPerSecond / bytes:0}{unit}");
    }
}

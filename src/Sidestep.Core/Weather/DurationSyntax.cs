using System.Globalization;

namespace Sidestep;

/// <summary>Durations in specs and flags: a decimal number and a unit, <c>50us</c>, <c>100ms</c>, <c>1.5s</c>, <c>2min</c>.</summary>
public static class DurationSyntax
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("min", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
    ];

    /// <summary>Reads a duration; rounded to 100 ns.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">It is not a duration, is negative, or longer than a day.</exception>
    public static TimeSpan Parse(string text)
    {
        var trimmed = text.Trim();
        foreach (var (unit, ticks) in Units)
        {
            if (trimmed.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(
                    trimmed.AsSpan(0, trimmed.Length - unit.Length),
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite,
                    CultureInfo.InvariantCulture,
                    out var number))
            {
                return number <= LatencyModel.Longest.Ticks / ticks
                    ? TimeSpan.FromTicks((long)Math.Round(number * ticks))
                    : throw new ConfigurationException($"the duration '{trimmed}' is longer than a day; the longest is 1440min");
            }
        }

        throw new ConfigurationException($"'{trimmed}' is not a duration; write {Nearest(trimmed)}");
    }

    /// <summary>Writes a duration in the largest unit that needs no fraction; <see cref="Parse"/> reads it back.</summary>
    /// <param name="duration">Not negative.</param>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var (unit, ticks) = (duration.Ticks % TimeSpan.TicksPerSecond) switch
        {
            0 => ("s", TimeSpan.TicksPerSecond),
            var rest when rest % TimeSpan.TicksPerMillisecond == 0 => ("ms", TimeSpan.TicksPerMillisecond),
            _ => ("us", TimeSpan.TicksPerMicrosecond),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / ticks}{unit}");
    }

    private static string Nearest(string text)
    {
        var isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        return isNumber ? $"'{text}ms' or '{text}s'" : "a number and a unit (us, ms, s or min), such as '100ms' or '1.5s'";
    }
}

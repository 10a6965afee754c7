using System.Globalization;

namespace Sidestep.Hosting;

/// <summary>Numbers of bytes as text: <c>200MB</c>, <c>64KiB</c>, <c>1.5GB</c>, <c>4096</c>. MB are millions, MiB are 1,048,576.</summary>
public static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1), ("", 1),
    ];

    /// <summary>Reads a size.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">Whose it is, for the message.</param>
    /// <exception cref="ConfigurationException">It is none.</exception>
    public static long Parse(string text, string what)
    {
        var (unit, bytes) = Units.First(u => text.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        return double.TryParse(text[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * bytes < 1e18
            ? (long)(number * bytes)
            : throw new ConfigurationException($"{what} is '{text}'; write a size such as 200MB, 64MiB or 1.5GB");
    }

    /// <summary>A size for people, in KB, MB or GB.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string Format(double bytes)
    {
        var (unit, size) = bytes >= 1e9 ? ("GB", 1e9) : bytes >= 1e6 ? ("MB", 1e6) : bytes >= 1e3 ? ("KB", 1e3) : ("bytes", 1d);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size:0.##} {unit}");
    }
}

using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>A curve of losses over rounds in a few lines of text: braille dots, eight to a character, or stars where a terminal has no Unicode.</summary>
internal static class LossChart
{
    private const int Height = 6;
    private const int MostWidth = 72;
    private const int LeastWidth = 32;
    private const int Blank = 0x2800;

    // Bits of the dots of a braille character, by column and row.
    private static readonly int[,] Dots = { { 0x01, 0x02, 0x04, 0x40 }, { 0x08, 0x10, 0x20, 0x80 } };

    /// <summary>Draws a curve; nothing for fewer than two points or too narrow a terminal.</summary>
    /// <param name="curve">The points, by round.</param>
    /// <param name="columns">Characters a line may have.</param>
    /// <param name="isUnicode">Whether the terminal shows braille.</param>
    public static IReadOnlyList<string> Lines(IReadOnlyList<LossPoint> curve, int columns, bool isUnicode)
    {
        if (curve.Count < 2)
        {
            return [];
        }

        double high = curve.Max(p => p.Loss), low = curve.Min(p => p.Loss);
        string[] labels = [Shown(high), Shown(low)];
        var margin = labels.Max(l => l.Length) + 1;
        var width = Math.Min(MostWidth, columns - margin - 1);
        if (width < LeastWidth)
        {
            return [];
        }

        var rows = isUnicode ? Braille(curve, width, low, high) : Stars(curve, width, low, high);
        var lines = rows.Select((row, i) => $"{(i == 0 ? labels[0] : i == Height - 1 ? labels[1] : string.Empty).PadLeft(margin - 1)} {row}").ToList();
        string first = Number(curve[0].Round + 1), last = Number(curve[^1].Round + 1);
        lines.Add($"{string.Empty.PadLeft(margin)}{first}{"training loss by round".PadLeft((width + 22) / 2 - first.Length).PadRight(width - first.Length - last.Length)}{last}");
        return lines;
    }

    private static IEnumerable<string> Braille(IReadOnlyList<LossPoint> curve, int width, double low, double high)
    {
        var cells = new int[Height, width];
        var before = -1;
        for (var x = 0; x < 2 * width; x++)
        {
            var y = Place(At(curve, x / ((2.0 * width) - 1)), low, high, 4 * Height);

            // From the neighbour's dot to this one, so that steep falls hang together.
            var from = before < 0 ? y : before + Math.Sign(y - before);
            for (var dot = Math.Min(from, y); dot <= Math.Max(from, y); dot++)
            {
                cells[dot / 4, x / 2] |= Dots[x % 2, dot % 4];
            }

            before = y;
        }

        for (var row = 0; row < Height; row++)
        {
            yield return new string([.. Enumerable.Range(0, width).Select(x => (char)(Blank + cells[row, x]))]);
        }
    }

    private static IEnumerable<string> Stars(IReadOnlyList<LossPoint> curve, int width, double low, double high)
    {
        var places = Enumerable.Range(0, width).Select(x => Place(At(curve, x / (width - 1.0)), low, high, Height)).ToArray();
        return Enumerable.Range(0, Height).Select(row => new string([.. places.Select(p => p == row ? '*' : ' ')]));
    }

    /// <summary>The row of a value: 0 at the top.</summary>
    private static int Place(double value, double low, double high, int rows) =>
        high > low ? (int)Math.Round((high - value) / (high - low) * (rows - 1)) : rows - 1;

    /// <summary>The curve at a share of its rounds, between points on a straight line.</summary>
    private static double At(IReadOnlyList<LossPoint> curve, double share)
    {
        var round = curve[0].Round + (share * (curve[^1].Round - curve[0].Round));
        int below = 0, above = curve.Count - 1;
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            (below, above) = curve[middle].Round <= round ? (middle, above) : (below, middle);
        }

        var part = Math.Clamp((round - curve[below].Round) / (curve[above].Round - curve[below].Round), 0, 1);
        return curve[below].Loss + (part * (curve[above].Loss - curve[below].Loss));
    }

    private static string Shown(double loss) => loss.ToString("0.000", CultureInfo.InvariantCulture) is { Length: <= 10 } plain
        ? plain
        : loss.ToString("0.00e0", CultureInfo.InvariantCulture);

    private static string Number(long round) => round.ToString(CultureInfo.InvariantCulture);
}

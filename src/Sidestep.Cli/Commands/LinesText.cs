using System.Globalization;

namespace Sidestep.Cli;

/// <summary>The lines of a derivative code for people.</summary>
internal static class LinesText
{
    public static void Print(TextWriter output, LinesView lines)
    {
        var within = lines.MostWithin - lines.LeastWithin < 1e-9
            ? Text($"{lines.MostWithin:0.###}")
            : Text($"{lines.LeastWithin:0.###} to {lines.MostWithin:0.###}");
        output.WriteLine(Text(
            $"lines: {lines.Lines}{(lines.Groups > 1 ? $" in each of {lines.Groups} data groups" : string.Empty)}, weight {lines.Weight} or less, rank {lines.Rank}; coherence {lines.Coherence:0.####}, Welch bound {lines.WelchBound:0.####}"));
        output.WriteLine(Text(
            $"information in nats: within a line {within}, shared by pairs {(lines.Shared is { } shared ? Text($"{shared:0.###}") : "infinite, lines are repeated")}, of all {lines.Total:0.###}"));
        output.WriteLine(lines.Tight
            ? "frame: tight, increments of all lines add up to the gradient"
            : Text($"frame: not tight (off by {100 * lines.Tightness:0.#} %), so not for the immediate policy; condition {(lines.Condition is { } c ? Text($"{c:0.###}") : "infinite")}"));
        output.WriteLine(Profile(lines));
        if (lines.ShortestRow < 1 - 1e-6 || lines.LongestRow > 1 + 1e-6)
        {
            output.WriteLine(Text($"warning: rows were given with lengths {lines.ShortestRow:0.####} to {lines.LongestRow:0.####}; only their directions count, all were scaled to 1"));
        }
    }

    private static string Profile(LinesView lines)
    {
        var most = lines.ExactFrom is { } from ? Text($"any {from} of {lines.Lines} arrivals decode") : "no set of arrivals decodes, every round is a projection";
        var sizes = Enumerable.Range(0, lines.FullRank.Count).Where(f => lines.FullRank[f] is > 0 and < 0.9995).ToArray();
        var shown = sizes.Length <= 12 ? sizes : [.. Enumerable.Range(0, 12).Select(i => sizes[i * (sizes.Length - 1) / 11])];
        return sizes.Length == 0
            ? most
            : $"{most}; of sets of {string.Join(", ", shown.Select(f => Text($"{f}: {(lines.Enumerated[f] ? string.Empty : "about ")}{100 * lines.FullRank[f]:0.0#} %")))}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

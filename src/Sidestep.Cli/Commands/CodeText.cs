using System.Globalization;

namespace Sidestep.Cli;

/// <summary>Codes and decode weights for people.</summary>
internal static class CodeText
{
    public static void Print(TextWriter output, CodeView view)
    {
        var promise = view.Guarantee;
        output.WriteLine(Text($"{view.Name}: {view.Workers} workers, {view.Partitions} partitions, {view.Blocks} blocks"));
        var weights = promise.SteadyWeights ? "steady" : "differ by who arrives";
        output.WriteLine(Text($"tolerates {promise.Stragglers} stragglers and {promise.Liars} liars; class {promise.Exactness}; weights {weights}"));
        output.WriteLine(Text($"load {view.Load:0.###} partitions per worker; communication {view.Communication:0.####} vectors per worker"));
        output.WriteLine(view.Certificate.Amplification is { } amplification
            ? Text($"certificate: amplification {amplification:0.###} over {(view.Certificate.Exhaustive ? "all " : string.Empty)}{view.Certificate.Patterns} sets of arrivals")
            : "certificate: none, some tolerated set of arrivals does not decode");
        if (view.Lines is { } lines)
        {
            LinesText.Print(output, lines);
        }

        for (var row = 0; row < view.Rows.Count; row++)
        {
            var (sender, terms, onRequest) = view.Rows[row];
            var sum = string.Join(" + ", terms.Select(t => Term(view, t)));
            output.WriteLine(Text($"row {row}, worker {sender}{(onRequest ? ", on request" : string.Empty)}: {sum}"));
        }
    }

    public static void Print(TextWriter output, int[] rows, DecodeView view)
    {
        output.WriteLine(Text($"{view.Status}: residual {view.Residual:0.###e+00}, noise gain {view.NoiseGain:0.###}, condition {view.Condition:0.###}"));
        for (var i = 0; i < rows.Length; i++)
        {
            output.WriteLine(Text($"row {rows[i]}: {string.Join(' ', view.Weights[i].Select(w => w.ToString("0.######", CultureInfo.InvariantCulture)))}"));
        }
    }

    private static string Term(CodeView view, double[] term)
    {
        var mix = view.Items[(int)term[0]].Mix;
        var item = string.Join(" + ", mix.Select(m => Text($"{Weight(m[1])}g{(int)m[0]}")));
        var block = view.Blocks == 1 ? string.Empty : Text($"[block {(int)term[1]}]");
        return Text($"{Weight(term[2])}{(mix.Count == 1 ? item : $"({item})")}{block}");
    }

    private static string Weight(double weight) => weight switch
    {
        1 => string.Empty,
        -1 => "−",
        _ => weight.ToString("0.####·", CultureInfo.InvariantCulture),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

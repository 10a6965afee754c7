using System.Globalization;

namespace Sidestep;

/// <summary>Latency models in specs and flags.</summary>
/// <remarks><c>100ms</c> · <c>exp(SHIFT,MEAN)</c> · <c>pareto(SCALE,SHAPE)</c> · <c>lognormal(MEDIAN,SIGMA)</c> ·
/// <c>either(USUAL,BAD,PROBABILITY)</c> · <c>bursts(USUAL,BAD,ENTER,LEAVE)</c> · <c>trace(FILE)</c>. Durations as in <see cref="DurationSyntax"/>.</remarks>
public static class LatencySyntax
{
    private const string Forms =
        "'100ms', 'exp(20ms,50ms)', 'pareto(20ms,1.5)', 'lognormal(20ms,0.5)', 'either(10ms,500ms,0.05)', 'bursts(10ms,500ms,0.02,0.2)' or 'trace(FILE)'";

    /// <summary>Reads a model.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">It is not a model; says which piece is wrong.</exception>
    /// <exception cref="DataException">A trace's file cannot be used.</exception>
    public static LatencyModel Parse(string text)
    {
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return trimmed.Length > 0 && (char.IsAsciiDigit(trimmed[0]) || trimmed[0] is '.' or '-')
                ? new ConstantLatency(DurationSyntax.Parse(trimmed))
                : throw new ConfigurationException($"'{trimmed}' is not a latency; write {Forms}");
        }

        if (trimmed[^1] != ')')
        {
            throw new ConfigurationException($"the latency '{trimmed}' does not end with ')'; write {Forms}");
        }

        var name = trimmed[..open];
        var inside = trimmed[(open + 1)..^1];
        return name == "trace" ? TraceLatency.Read(inside.Trim()) : Model(name, ListSyntax.Split(inside), trimmed);
    }

    /// <summary>Writes a model; <see cref="Parse"/> reads it back.</summary>
    /// <param name="model">The model.</param>
    public static string Format(LatencyModel model) => model switch
    {
        ConstantLatency m => DurationSyntax.Format(m.Delay),
        ExponentialLatency m => $"exp({DurationSyntax.Format(m.Shift)},{DurationSyntax.Format(m.Mean)})",
        ParetoLatency m => $"pareto({DurationSyntax.Format(m.Scale)},{Format(m.Shape)})",
        LognormalLatency m => $"lognormal({DurationSyntax.Format(m.Median)},{Format(m.Sigma)})",
        TwoStateLatency m => $"either({Format(m.Usual)},{Format(m.Bad)},{Format(m.Probability)})",
        BurstLatency m => $"bursts({Format(m.Usual)},{Format(m.Bad)},{Format(m.Enter)},{Format(m.Leave)})",
        TraceLatency m => $"trace({m.Source})",
        _ => model.GetType().Name,
    };

    private static string Format(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static LatencyModel Model(string name, IReadOnlyList<string> parts, string whole)
    {
        switch (name, parts.Count)
        {
            case ("exp", 2):
                return new ExponentialLatency(DurationSyntax.Parse(parts[0]), DurationSyntax.Parse(parts[1]));
            case ("pareto", 2):
                return new ParetoLatency(DurationSyntax.Parse(parts[0]), Number(parts[1], 0.1, 1000, "shape", whole));
            case ("lognormal", 2):
                return new LognormalLatency(DurationSyntax.Parse(parts[0]), Number(parts[1], 0, 10, "sigma", whole));
            case ("either", 3):
                return new TwoStateLatency(Parse(parts[0]), Parse(parts[1]), Number(parts[2], 0, 1, "probability", whole));
            case ("bursts", 4):
                return Bursts(parts, whole);
            case ("exp" or "pareto" or "lognormal" or "either" or "bursts", _):
                var needed = name switch { "either" => 3, "bursts" => 4, _ => 2 };
                throw new ConfigurationException(
                    $"the latency '{whole}' has {parts.Count} part{(parts.Count == 1 ? string.Empty : "s")} in brackets, {name} needs {needed}; write {Forms}");
            default:
                throw new ConfigurationException($"the latency '{whole}' begins with '{name}', which is not known; write {Forms}");
        }
    }

    private static BurstLatency Bursts(IReadOnlyList<string> parts, string whole)
    {
        var enter = Number(parts[2], 1e-6, 1, "probability of entering", whole);
        var leave = Number(parts[3], 1e-6, 1, "probability of leaving", whole);
        return enter + leave <= 1
            ? new BurstLatency(Parse(parts[0]), Parse(parts[1]), enter, leave)
            : throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the probabilities {enter} and {leave} in '{whole}' add up to more than 1, so bad rounds do not last; write either({parts[0]},{parts[1]},{enter / (enter + leave):0.###})"));
    }

    private static double Number(string text, double least, double most, string what, string whole)
    {
        var valid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most;
        return valid
            ? number
            : throw new ConfigurationException(
                string.Create(CultureInfo.InvariantCulture, $"the {what} '{text.Trim()}' in '{whole}' must be a number from {least} to {most}"));
    }
}

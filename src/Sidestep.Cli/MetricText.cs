using System.Globalization;

namespace Sidestep.Cli;

/// <summary>Metrics for people: one line per set.</summary>
internal static class MetricText
{
    public static IEnumerable<string> Lines(IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>>? sets) =>
        (sets ?? new Dictionary<string, IReadOnlyDictionary<string, double>>()).Select(set => $"{set.Key}: {string.Join(", ", set.Value.Select(m => Shown(m.Key, m.Value)))}");

    public static IEnumerable<string> Lines(IReadOnlyList<Metric> metrics) => metrics
        .Select(m => (Dot: m.Name.IndexOf('.', StringComparison.Ordinal), Metric: m))
        .GroupBy(m => m.Metric.Name[..m.Dot], StringComparer.Ordinal)
        .Select(set => $"{set.Key}: {string.Join(", ", set.Select(m => Shown(m.Metric.Name[(m.Dot + 1)..], m.Metric.Value)))}");

    public static string Best(long round, string metric, double value) => $"best model after round {round.ToString(CultureInfo.InvariantCulture)}: {Shown(metric, value)}";

    private static string Shown(string name, double value) => string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.####}");
}

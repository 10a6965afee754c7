using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>Rehearsed weather in specs and flags: <c>--slow "6:100ms,7:pareto(20ms,1.5)"</c>, <c>--kill "2@10,5@20"</c>.</summary>
public static class WeatherSyntax
{
    /// <summary>Reads delays of slots, <c>SLOT:LATENCY,…</c>; latencies as in <see cref="LatencySyntax"/>.</summary>
    /// <param name="text">The text; empty: none.</param>
    /// <param name="workers">Number of slots.</param>
    /// <exception cref="ConfigurationException">Names the piece that is wrong and the nearest valid form.</exception>
    public static ImmutableSortedDictionary<int, LatencyModel> ParseSlow(string text, int workers)
    {
        var slow = ImmutableSortedDictionary.CreateBuilder<int, LatencyModel>();
        foreach (var piece in Pieces(text))
        {
            var (left, right) = Halves(piece, ':', "slow", "SLOT:LATENCY, such as '6:100ms'");
            var slot = Slot(left, piece, workers);
            if (!slow.TryAdd(slot, LatencySyntax.Parse(right)))
            {
                throw new ConfigurationException($"'{piece}' in slow names slot {slot} a second time; give each slot one latency");
            }
        }

        return slow.ToImmutable();
    }

    /// <summary>Reads deaths, <c>SLOT@ROUND,…</c>; a slot may die in several rounds.</summary>
    /// <param name="text">The text; empty: none.</param>
    /// <param name="workers">Number of slots.</param>
    /// <exception cref="ConfigurationException">Names the piece that is wrong and the nearest valid form.</exception>
    public static ImmutableArray<(int Slot, long Round)> ParseKill(string text, int workers)
    {
        var kills = ImmutableArray.CreateBuilder<(int Slot, long Round)>();
        foreach (var piece in Pieces(text))
        {
            var (left, right) = Halves(piece, '@', "kill", "SLOT@ROUND, such as '2@10'");
            if (!long.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var round))
            {
                throw new ConfigurationException($"'{right}' in kill '{piece}' is not a round; write a whole number from 0, such as '{left}@10'");
            }

            var kill = (Slot(left, piece, workers), round);
            if (kills.Contains(kill))
            {
                throw new ConfigurationException($"kill names '{piece}' a second time; a slot dies at most once in a round");
            }

            kills.Add(kill);
        }

        return kills.ToImmutable();
    }

    /// <summary>Writes delays; <see cref="ParseSlow"/> reads them back.</summary>
    /// <param name="slow">The delays.</param>
    public static string FormatSlow(ImmutableSortedDictionary<int, LatencyModel> slow) =>
        string.Join(',', slow.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{LatencySyntax.Format(pair.Value)}")));

    /// <summary>Writes deaths; <see cref="ParseKill"/> reads them back.</summary>
    /// <param name="kills">The deaths.</param>
    public static string FormatKill(ImmutableArray<(int Slot, long Round)> kills) =>
        string.Join(',', kills.Select(kill => string.Create(CultureInfo.InvariantCulture, $"{kill.Slot}@{kill.Round}")));

    private static IEnumerable<string> Pieces(string text) =>
        string.IsNullOrWhiteSpace(text) ? [] : ListSyntax.Split(text);

    private static (string Left, string Right) Halves(string piece, char separator, string flag, string form)
    {
        var at = piece.IndexOf(separator, StringComparison.Ordinal);
        return at > 0 && at < piece.Length - 1
            ? (piece[..at].Trim(), piece[(at + 1)..].Trim())
            : throw new ConfigurationException($"'{piece}' in {flag} has the wrong form; write {form}");
    }

    internal static int Slot(string text, string piece, int workers)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slot))
        {
            throw new ConfigurationException($"'{text}' in '{piece}' is not a slot; write a whole number from 0 to {workers - 1}");
        }

        return slot < workers
            ? slot
            : throw new ConfigurationException(
                $"slot {slot} in '{piece}' does not exist: {workers} workers have the slots 0 to {workers - 1}");
    }
}

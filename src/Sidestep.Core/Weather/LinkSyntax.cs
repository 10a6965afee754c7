using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>Latencies of links in specs and flags: <c>--link "10ms"</c>, <c>--link "5ms,3:exp(20ms,50ms)"</c>.</summary>
public static class LinkSyntax
{
    private const string Form = "LATENCY for every slot, SLOT:LATENCY for one, such as '10ms' or '10ms,3:50ms'";

    /// <summary>Reads latencies of links; latencies as in <see cref="LatencySyntax"/>.</summary>
    /// <param name="text">The text; empty: none.</param>
    /// <param name="workers">Number of slots.</param>
    /// <exception cref="ConfigurationException">Names the piece that is wrong and the nearest valid form.</exception>
    public static LinkWeather Parse(string text, int workers)
    {
        LatencyModel? every = null;
        var own = ImmutableSortedDictionary.CreateBuilder<int, LatencyModel>();
        foreach (var piece in string.IsNullOrWhiteSpace(text) ? [] : ListSyntax.Split(text))
        {
            var colon = piece.IndexOf(':', StringComparison.Ordinal);
            var bracket = piece.IndexOf('(', StringComparison.Ordinal);
            if (colon < 0 || (bracket >= 0 && bracket < colon))
            {
                if (piece.Length == 0)
                {
                    throw new ConfigurationException($"link '{text}' has an empty piece; write {Form}");
                }

                every = every is null
                    ? LatencySyntax.Parse(piece)
                    : throw new ConfigurationException($"'{piece}' in link is a second latency for every slot; write {Form}");
                continue;
            }

            var slot = WeatherSyntax.Slot(piece[..colon].Trim(), piece, workers);
            if (!own.TryAdd(slot, LatencySyntax.Parse(piece[(colon + 1)..])))
            {
                throw new ConfigurationException($"'{piece}' in link names slot {slot} a second time; give each slot one latency");
            }
        }

        return new LinkWeather(every, own.ToImmutable());
    }

    /// <summary>Writes latencies of links; <see cref="Parse"/> reads them back.</summary>
    /// <param name="links">The latencies.</param>
    public static string Format(LinkWeather links)
    {
        var own = links.Own.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{LatencySyntax.Format(pair.Value)}"));
        return string.Join(',', links.Every is { } every ? own.Prepend(LatencySyntax.Format(every)) : own);
    }
}

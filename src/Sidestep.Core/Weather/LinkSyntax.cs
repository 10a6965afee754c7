using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>Links in specs and flags, latency and rate: <c>--link "10ms"</c>, <c>--link "@20Mbit/s"</c>, <c>--link "5ms@10MB/s,3:exp(20ms,50ms)"</c>.
/// A rate is that of both directions; <c>@100MB/s|10MB/s</c> is one from the coordinator (down) and another to it (up).</summary>
public static class LinkSyntax
{
    private const string Form = "LATENCY, @RATE or LATENCY@RATE for every slot, SLOT:… for one, such as '10ms', '10ms@5MB/s' or '10ms,3:50ms@1MB/s'";

    /// <summary>Reads links; latencies as in <see cref="LatencySyntax"/>, rates as in <see cref="RateSyntax"/>.</summary>
    /// <param name="text">The text; empty: none.</param>
    /// <param name="workers">Number of slots.</param>
    /// <exception cref="ConfigurationException">Names the piece that is wrong and the nearest valid form.</exception>
    public static LinkWeather Parse(string text, int workers)
    {
        LinkModel? every = null;
        var own = ImmutableSortedDictionary.CreateBuilder<int, LinkModel>();
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
                    ? Model(piece)
                    : throw new ConfigurationException($"'{piece}' in link is a second one for every slot; write {Form}");
                continue;
            }

            var slot = WeatherSyntax.Slot(piece[..colon].Trim(), piece, workers);
            if (!own.TryAdd(slot, Model(piece[(colon + 1)..])))
            {
                throw new ConfigurationException($"'{piece}' in link names slot {slot} a second time; give each slot one link");
            }
        }

        return new LinkWeather(every, own.ToImmutable());
    }

    /// <summary>Writes links; <see cref="Parse"/> reads them back.</summary>
    /// <param name="links">The links.</param>
    public static string Format(LinkWeather links)
    {
        var own = links.Own.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}:{Format(pair.Value)}"));
        return string.Join(',', links.Every is { } every ? own.Prepend(Format(every)) : own);
    }

    private static LinkModel Model(string piece)
    {
        var at = piece.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return new LinkModel(LatencySyntax.Parse(piece));
        }

        var latency = piece[..at].Trim();
        var rates = piece[(at + 1)..].Split('|', 2);
        return new LinkModel(latency.Length == 0 ? null : LatencySyntax.Parse(latency), RateSyntax.Parse(rates[0]), RateSyntax.Parse(rates[^1]));
    }

    private static string Format(LinkModel link) =>
        (link.Latency is { } latency ? LatencySyntax.Format(latency) : string.Empty) + (link is { Down: { } down, Up: { } up } ? $"@{RateSyntax.Format(down)}{(up == down ? string.Empty : $"|{RateSyntax.Format(up)}")}" : string.Empty);
}

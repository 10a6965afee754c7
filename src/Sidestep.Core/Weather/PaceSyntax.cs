using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>Pace of slots in specs and flags: <c>--pace "trace(FILE)"</c>, <c>--pace "3:2.5,7:10"</c>.</summary>
public static class PaceSyntax
{
    private const string Form = "'trace(FILE)' or SLOT:FACTOR, such as '3:2.5'";
    private const string Trace = "trace(";

    /// <summary>Reads it.</summary>
    /// <param name="text">The text; empty: none.</param>
    /// <param name="workers">Number of slots.</param>
    /// <returns>Null: none.</returns>
    /// <exception cref="ConfigurationException">Names the piece that is wrong and the nearest valid form.</exception>
    /// <exception cref="DataException">The trace cannot be used.</exception>
    public static PaceModel? Parse(string text, int workers)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return null;
        }

        if (trimmed.StartsWith(Trace, StringComparison.Ordinal) && trimmed[^1] == ')')
        {
            return TracePace.Read(trimmed[Trace.Length..^1].Trim(), workers);
        }

        var factors = ImmutableSortedDictionary.CreateBuilder<int, double>();
        foreach (var piece in ListSyntax.Split(trimmed))
        {
            var at = piece.IndexOf(':', StringComparison.Ordinal);
            if (at <= 0 || !double.TryParse(piece[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) || factor is not (> 0 and <= PaceModel.Most))
            {
                throw new ConfigurationException($"'{piece}' in pace has the wrong form; write {Form}, with a factor above 0 and up to a million");
            }

            var slot = WeatherSyntax.Slot(piece[..at].Trim(), piece, workers);
            if (!factors.TryAdd(slot, factor))
            {
                throw new ConfigurationException($"'{piece}' in pace names slot {slot} a second time; give each slot one factor");
            }
        }

        return new ConstantPace(factors.ToImmutable());
    }
}

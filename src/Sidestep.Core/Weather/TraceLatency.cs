using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>Delays somebody measured, each drawn with the same probability: <c>trace(FILE)</c>.</summary>
/// <param name="Delays">The delays; at least one.</param>
/// <param name="Source">The file they came from.</param>
public sealed record TraceLatency(ImmutableArray<TimeSpan> Delays, string Source) : LatencyModel
{
    /// <summary>Reads a trace: a number of milliseconds per line; empty lines and lines that begin with # are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It cannot be read, holds no number, or a line is not a delay.</exception>
    public static TraceLatency Read(string path)
    {
        var delays = ImmutableArray.CreateBuilder<TimeSpan>();
        try
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                var text = line.Trim();
                if (text.Length > 0 && text[0] != '#')
                {
                    delays.Add(Delay(text, path, number));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {e.Message}");
        }

        return delays.Count > 0
            ? new TraceLatency(delays.ToImmutable(), path)
            : throw new DataException($"{path}: no delays; write one number of milliseconds per line");
    }

    /// <inheritdoc/>
    public override TimeSpan Draw(ref Rng rng) => Delays[rng.Next(Delays.Length)];

    /// <summary>Whether delays and source are the same.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(TraceLatency? other) =>
        other is not null && Source == other.Source && Delays.AsSpan().SequenceEqual(other.Delays.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Delays.Length);

    private static TimeSpan Delay(string text, string path, int line)
    {
        var valid = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds >= 0
            && milliseconds <= Longest.TotalMilliseconds;
        return valid
            ? TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new DataException($"{path}, line {line}: '{text}' is not a number of milliseconds between 0 and a day");
    }
}

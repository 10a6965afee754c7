using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep;

/// <summary>How much longer a slot's emulated computations take: data, in specs and flags as <c>--pace "trace(FILE)"</c> or <c>--pace "3:2.5"</c>.</summary>
/// <remarks>A slot's factor holds for all it computes in a round: a piece of a partition takes that piece of the time. See <see cref="PaceSyntax"/>.</remarks>
public abstract record PaceModel
{
    /// <summary>Largest factor.</summary>
    public const double Most = 1e6;

    /// <summary>The factor of a slot in a round; 1: as stated.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="round">The round.</param>
    public abstract double Factor(int slot, long round);
}

/// <summary>The same factors in every round; slots that are not named have 1.</summary>
/// <param name="Factors">Factor of each slot that is named.</param>
public sealed record ConstantPace(ImmutableSortedDictionary<int, double> Factors) : PaceModel
{
    /// <inheritdoc/>
    public override double Factor(int slot, long round) => Factors.GetValueOrDefault(slot, 1);
}

/// <summary>Factors somebody measured: one row a round, one column a slot; after the last row the first comes again.</summary>
/// <param name="Rounds">The rows; at least one, each with a column for every slot.</param>
/// <param name="Source">The file they came from.</param>
public sealed record TracePace(ImmutableArray<ImmutableArray<double>> Rounds, string Source) : PaceModel
{
    /// <summary>Reads a trace: lines of numbers separated by commas or blanks, a line for a round, a number for a slot; empty lines and lines that begin with # are skipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="workers">Number of slots; further columns are left out.</param>
    /// <exception cref="DataException">It cannot be read, holds no line, or a line has too few numbers or one that is no factor.</exception>
    public static TracePace Read(string path, int workers)
    {
        var rounds = ImmutableArray.CreateBuilder<ImmutableArray<double>>();
        try
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                if (line.Trim() is { Length: > 0 } text && text[0] != '#')
                {
                    rounds.Add(Row(text, path, number, workers));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: {e.Message}");
        }

        return rounds.Count > 0
            ? new TracePace(rounds.ToImmutable(), path)
            : throw new DataException($"{path}: no rounds; write one line a round with {workers} numbers, such as 1,1,2.5");
    }

    /// <inheritdoc/>
    public override double Factor(int slot, long round) => slot < 0 ? 1 : Rounds[(int)(round % Rounds.Length)][slot];

    /// <summary>Whether factors and source are the same.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(TracePace? other) =>
        other is not null && Source == other.Source && Rounds.Length == other.Rounds.Length
        && Rounds.Zip(other.Rounds).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Rounds.Length);

    private static ImmutableArray<double> Row(string text, string path, int line, int workers)
    {
        var cells = text.Split([',', ' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (cells.Length < workers)
        {
            throw new DataException($"{path}, line {line}: {cells.Length} numbers for {workers} slots; write one for each");
        }

        return [.. cells.Take(workers).Select(cell =>
            double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor > 0 && factor <= Most
                ? factor
                : throw new DataException($"{path}, line {line}: '{cell}' is not a factor above 0 and up to a million"))];
    }
}

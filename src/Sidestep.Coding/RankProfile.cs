using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>How likely f arrivals of a set of lines decode everything.</summary>
/// <remarks>
/// All sets of f lines are looked at if there are at most <see cref="MostEnumerated"/> of them, else <see cref="Samples"/> orders of arrival are drawn, always from
/// the same seed. Cost: O(sets · f · K²) once.
/// <code>var profile = RankProfile.Of(PairLinesCode.Lines(4)); // FullRank[4] = 0.6364, AlwaysFrom = 7</code>
/// </remarks>
/// <param name="FullRank">At f = 0…n: the fraction of sets of f lines with rank K.</param>
/// <param name="IsEnumerated">At f = 0…n: whether all sets were looked at (or are known), else the fraction is an estimate.</param>
/// <param name="AlwaysFrom">Any so many lines have rank K (f_min); n + 1: not even all. A proven number: never below the truth.</param>
public sealed record RankProfile(ImmutableArray<double> FullRank, ImmutableArray<bool> IsEnumerated, int AlwaysFrom)
{
    /// <summary>Most sets of one size that are enumerated.</summary>
    public const long MostEnumerated = 20_000;

    /// <summary>Orders of arrival drawn where sets are too many.</summary>
    public const int Samples = 2_000;

    /// <summary>Profiles a set of lines.</summary>
    /// <param name="lines">The lines.</param>
    public static RankProfile Of(LineSet lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return Of(lines, lines.Rank < lines.Blocks ? lines.Count + 1 : Hyperplanes.Most(lines) + 1);
    }

    /// <summary>Profiles the lines of a code, whose <see cref="LineCode.ExactFrom"/> is known already.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="alwaysFrom">f_min.</param>
    public static RankProfile Of(LineSet lines, int alwaysFrom)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var fractions = new double[lines.Count + 1];
        var enumerated = new bool[lines.Count + 1];
        var span = new ArrivalInformation(lines.Blocks, 1);
        double[]? drawn = null;
        for (var size = 0; size <= lines.Count; size++)
        {
            var isKnown = size >= alwaysFrom || size < lines.Blocks || lines.Rank < lines.Blocks;
            enumerated[size] = isKnown || WorkerSets.Count(lines.Count, size) <= MostEnumerated;
            fractions[size] = isKnown ? (size >= alwaysFrom ? 1 : 0)
                : enumerated[size] ? Enumerate(lines, size, span)
                : (drawn ??= Draw(lines, span))[size];
        }

        return new RankProfile([.. fractions], [.. enumerated], alwaysFrom);
    }

    private static double Enumerate(LineSet lines, int size, ArrivalInformation span)
    {
        var set = WorkerSets.First(size);
        long full = 0, sets = 0;
        do
        {
            full += IsFull(lines, set, span) ? 1 : 0;
            sets++;
        }
        while (WorkerSets.Next(set, lines.Count));

        return (double)full / sets;
    }

    // Lines arrive in random orders; the fraction at f is that of orders whose first f lines are enough.
    private static double[] Draw(LineSet lines, ArrivalInformation span)
    {
        var rng = new Rng(0, Purpose.Code, Slots.Coordinator, round: 0, index: 2);
        var fractions = new double[lines.Count + 1];
        int[] order = [.. Enumerable.Range(0, lines.Count)];
        for (var sample = 0; sample < Samples; sample++)
        {
            span.Clear();
            var arrived = 0;
            while (arrived < order.Length && !span.IsFull)
            {
                var next = arrived + rng.Next(order.Length - arrived);
                (order[arrived], order[next]) = (order[next], order[arrived]);
                span.Add(lines[order[arrived++]]);
            }

            for (var size = arrived; size < fractions.Length && span.IsFull; size++)
            {
                fractions[size] += 1.0 / Samples;
            }
        }

        return fractions;
    }

    private static bool IsFull(LineSet lines, int[] set, ArrivalInformation span)
    {
        span.Clear();
        for (var i = 0; i < set.Length && !span.IsFull; i++)
        {
            span.Add(lines[set[i]]);
        }

        return span.IsFull;
    }
}

using Sidestep.Coding;

namespace Sidestep.Cli;

/// <summary>What <c>code show</c> says of the lines of a derivative code. Information is in nats; what is infinite is left null.</summary>
/// <param name="Lines">n, lines of one data group.</param>
/// <param name="Groups">D, data groups.</param>
/// <param name="Weight">Most blocks a line mixes.</param>
/// <param name="Rank">Rank of V.</param>
/// <param name="Coherence">Largest |⟨·,·⟩| of two lines.</param>
/// <param name="WelchBound">The least coherence there could be.</param>
/// <param name="Shared">Σ mutual information over pairs of lines; null: a line is there twice.</param>
/// <param name="LeastWithin">Least information within a line.</param>
/// <param name="MostWithin">Most information within a line.</param>
/// <param name="Total">½ ln det(I + VVᵀ).</param>
/// <param name="Tight">Whether VᵀV = (n/K)·I.</param>
/// <param name="Tightness">How far from that, relative.</param>
/// <param name="Condition">κ(V); null: the rank is below K.</param>
/// <param name="ExactFrom">Any so many lines decode; null: not even all.</param>
/// <param name="FullRank">At f = 0…n: the fraction of sets of f lines that decode.</param>
/// <param name="Enumerated">At f: whether all sets were looked at.</param>
/// <param name="ShortestRow">Length of the shortest row as it was given.</param>
/// <param name="LongestRow">Length of the longest.</param>
internal sealed record LinesView(
    int Lines,
    int Groups,
    int Weight,
    int Rank,
    double Coherence,
    double WelchBound,
    double? Shared,
    double LeastWithin,
    double MostWithin,
    double Total,
    bool Tight,
    double Tightness,
    double? Condition,
    int? ExactFrom,
    IReadOnlyList<double> FullRank,
    IReadOnlyList<bool> Enumerated,
    double ShortestRow,
    double LongestRow)
{
    public static LinesView Of(LineCode code)
    {
        var lines = code.Lines;
        var (information, profile) = (LineInformation.Of(lines), RankProfile.Of(lines, code.ExactFrom));
        return new LinesView(
            lines.Count,
            code.Options.Groups,
            Enumerable.Range(0, lines.Count).Max(lines.Weight),
            information.Rank,
            information.Coherence,
            information.WelchBound,
            Finite(information.Shared),
            information.LeastWithin,
            information.MostWithin,
            information.Total,
            information.IsTight,
            information.Tightness,
            Finite(information.Condition),
            profile.AlwaysFrom <= lines.Count ? profile.AlwaysFrom : null,
            profile.FullRank,
            profile.IsEnumerated,
            lines.Lengths.Min(),
            lines.Lengths.Max());
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

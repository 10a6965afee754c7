using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>A derivative code for every group of layers of a network: blocks of different groups are never mixed, and workers send group after group.</summary>
/// <remarks>
/// Block g·K + b is block b of group g; group 0 is sent first, so it is the last of the network. If there is a rest (biases, norms: small tensors that are not
/// worth coding), it is the last block, and every worker sends it whole, last. Rows go group by group: row g·R + r is row r of the lines' table, R its
/// number of rows. Law: that of the lines in every group; the rest is exact as soon as one worker of every data group has answered.
/// With requests, a worker counts as idle in a group of layers once it has sent its own row of that group.
/// Patience: with stragglers beyond what is exact, a round ends when all but s workers have sent everything they have.
/// Source: the recursive step over layers of Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022
/// (our reconstruction).
/// <code>var code = LayeredCode.Create(PairLinesCode.Create(4), coded: 3, rest: true); // 3·4 + 1 blocks, 12 workers of 4 rows each</code>
/// </remarks>
public sealed class LayeredCode : ICode<float>
{
    /// <summary>Most groups of layers.</summary>
    public const int MostGroups = 1024;

    private readonly RowClasses? _rest;

    private LayeredCode(LineCode lines, int coded, bool rest)
    {
        (Lines, Coded) = (lines, coded);
        _rest = rest ? new RowClasses(RestTable(lines.Table)) : null;
        Table = Join(lines.Table, coded, _rest?.Table);
        Patience = lines.Guarantee.Exactness == Exactness.Approximate
            ? new Patience(Slots: lines.Table.Workers - lines.Options.Stragglers)
            : Patience.Exact;
    }

    /// <summary>The code of one group of layers.</summary>
    public LineCode Lines { get; }

    /// <summary>Groups of layers that are coded.</summary>
    public int Coded { get; }

    /// <summary>Whether the last block is the uncoded rest.</summary>
    public bool HasRest => _rest is not null;

    /// <inheritdoc/>
    public string Name => Lines.Name;

    /// <inheritdoc/>
    public CodeTable<float> Table { get; }

    /// <inheritdoc/>
    public Guarantee Guarantee => Lines.Guarantee;

    /// <inheritdoc/>
    public Patience Patience { get; }

    /// <summary>Creates it.</summary>
    /// <param name="lines">A derivative code.</param>
    /// <param name="coded">Groups of layers, at least 1.</param>
    /// <param name="rest">Whether there is a last block that is not coded.</param>
    /// <exception cref="ConfigurationException">It is not a derivative code, or there are too few or too many groups.</exception>
    public static ICode<float> Create(ICode<float> lines, int coded, bool rest)
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines is not LineCode code)
        {
            throw new ConfigurationException(
                $"code {lines.Name} codes data, not derivatives, so it has no use for groups of layers; take {PairLinesCode.Name} or another derivative code");
        }

        return coded is >= 1 and <= MostGroups
            ? new LayeredCode(code, coded, rest)
            : throw new ConfigurationException($"{lines.Name} takes 1 to {MostGroups} groups of layers, not {coded}; nearest is {Math.Clamp(coded, 1, MostGroups)}");
    }

    /// <inheritdoc/>
    public IDecoder<float> CreateDecoder(BlockLayout layout, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(shape);
        return new LayeredDecoder(this, _rest, layout, shape);
    }

    // Every worker sends its partition's part of the rest, and all of a data group the same.
    private static CodeTable<float> RestTable(CodeTable<float> lines) => lines with
    {
        Blocks = 1,
        Rows = [.. Enumerable.Range(0, lines.Workers).Select(worker => new Row<float>(worker, [new Term<float>(worker, 0, 1f)]))],
    };

    private static CodeTable<float> Join(CodeTable<float> lines, int coded, CodeTable<float>? rest)
    {
        var rows = ImmutableArray.CreateBuilder<Row<float>>();
        for (var group = 0; group < coded; group++)
        {
            rows.AddRange(lines.Rows.Select(row => Moved(row, group * lines.Blocks)));
        }

        rows.AddRange((rest?.Rows ?? []).Select(row => Moved(row, coded * lines.Blocks)));
        return lines with { Blocks = (coded * lines.Blocks) + (rest is null ? 0 : 1), Rows = rows.ToImmutable() };
    }

    private static Row<float> Moved(Row<float> row, int blocks) => row with { Terms = [.. row.Terms.Select(t => t with { Block = t.Block + blocks })] };
}

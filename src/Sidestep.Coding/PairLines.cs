namespace Sidestep.Coding;

/// <summary>The code behind <see cref="PairLinesCode"/>.</summary>
internal sealed class PairLines : ICode<float>
{
    private readonly RowClasses _classes;

    /// <summary>Certifies a table of pair lines.</summary>
    public PairLines(CodeTable<float> table, int stragglers)
    {
        Table = table;
        _classes = new RowClasses(table);
        var equations = new PairEquations(_classes);
        Certificate = Certificate.Search(table.Workers, table.Workers - stragglers, set => Gain(equations, set));
        Guarantee = new Guarantee(stragglers, 0, Exactness.Numeric, SteadyWeights: false, Certificate.Amplification);
    }

    /// <summary>Covers both decoders: planned weights and peeling.</summary>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public string Name => PairLinesCode.Name;

    /// <inheritdoc/>
    public CodeTable<float> Table { get; }

    /// <inheritdoc/>
    public Guarantee Guarantee { get; }

    /// <inheritdoc/>
    public Patience Patience => Patience.Exact;

    /// <inheritdoc/>
    public IDecoder<float> CreateDecoder(BlockLayout layout, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(shape);
        return new PeelingDecoder(_classes, layout, shape);
    }

    // Peeling unit vectors gives the weights it really uses. Row = worker = class in this table.
    private double Gain(PairEquations equations, int[] set)
    {
        var forest = new AffineForest(equations.Blocks, set.Length);
        var unit = new float[set.Length];
        for (var i = 0; i < set.Length; i++)
        {
            unit[i] = 1;
            equations.Add(set[i], forest, unit);
            unit[i] = 0;
        }

        var gain = LeastSquares.Solve(_classes, set) is { Status: DecodeStatus.Exact } solution ? solution.NoiseGain : double.PositiveInfinity;
        for (var block = 0; block < equations.Blocks; block++)
        {
            double norm = 0;
            foreach (var weight in forest[block])
            {
                norm += Math.Abs(weight);
            }

            gain = Math.Max(gain, forest.IsKnown(block) ? norm : double.PositiveInfinity);
        }

        return gain;
    }
}

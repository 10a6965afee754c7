namespace Sidestep.Coding;

/// <summary>A derivative code over any lines: the partial derivatives themselves are coded, block against block, not the data.</summary>
/// <remarks>
/// Worker i sends Σ_b v_i[b] · block b, 1/K of the gradient's bytes. Law: exact iff the arrivals have rank K; any n − s rows have, where s is the number of
/// stragglers promised. Below that a decode is the orthogonal projection of the true blocks onto what arrived: never longer than the gradient,
/// always a descent direction, of relative error 1 − rank/K for isotropic blocks. Each block is known as soon as its own equations are. With data groups
/// (D) there are D·n workers, and a block is known when it is in every group.
/// Lines of at most two blocks in equal parts are peeled (<see cref="PeelingDecoder"/>), others take least squares (<see cref="LinearDecoder"/>); axes are only added and bit-exact.
/// Cost: all data of its group and 1/K of the weight-gradient work per worker; decode O(p log K) by peeling, O(n·p) else.
/// Source: Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022 (our reconstruction).
/// <code>var code = LineCode.Create("mine", LineSet.Of([[1, 0], [0, 1], [1, 1], [1, -1]]), new LineOptions { Groups = 2 });</code>
/// </remarks>
public sealed class LineCode : ICode<float>
{
    private readonly RowClasses _classes;
    private readonly RowClasses _group;

    private LineCode(string name, LineSet lines, LineOptions options, int exactFrom)
    {
        (Name, Lines, Options) = (name, lines, options);
        _classes = new RowClasses(LineTable.Create(lines, options.Groups, options.Requests));
        _group = options.Groups == 1 ? _classes : new RowClasses(LineTable.Create(lines, 1, options.Requests));
        var workers = options.Groups * lines.Count;
        var promised = lines.Count - exactFrom;
        if (options.Requests && promised >= 0)
        {
            // Whoever lives can send every line of its group.
            promised = lines.Count - 1;
        }

        var isExact = promised >= 0 && options.Stragglers <= promised;
        ExactFrom = exactFrom;
        Certificate = Certify(exactFrom, isExact);
        Patience = isExact ? Patience.Exact : new Patience(0, workers - options.Stragglers);
        Guarantee = new Guarantee(
            isExact ? promised : options.Stragglers,
            Liars: 0,
            !isExact ? Exactness.Approximate : _classes.OnlyAdded ? Exactness.BitExact : Exactness.Numeric,
            SteadyWeights: _classes.OnlyAdded,
            Certificate.Amplification);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The lines of one data group.</summary>
    public LineSet Lines { get; }

    /// <summary>What it was told.</summary>
    public LineOptions Options { get; }

    /// <summary>Any so many lines of a group give all its blocks (f_min); n + 1: not even all.</summary>
    public int ExactFrom { get; }

    /// <summary>What was certified: covers every way it is decoded.</summary>
    public Certificate Certificate { get; }

    /// <inheritdoc/>
    public CodeTable<float> Table => _classes.Table;

    /// <inheritdoc/>
    public Guarantee Guarantee { get; }

    /// <inheritdoc/>
    public Patience Patience { get; }

    /// <summary>Creates it.</summary>
    /// <param name="name">The name in reports.</param>
    /// <param name="lines">The lines; there are groups × lines workers.</param>
    /// <param name="options">Stragglers, data groups and so on; absent: the defaults.</param>
    /// <exception cref="ConfigurationException">An option is out of range, or the rank is below K and <see cref="LineOptions.Lossy"/> is not set.</exception>
    public static ICode<float> Create(string name, LineSet lines, LineOptions? options = null) => Create(name, lines, options, exactFrom: null);

    /// <summary>Creates it with a known f_min; null: it is worked out.</summary>
    internal static ICode<float> Create(string name, LineSet lines, LineOptions? options, int? exactFrom)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(lines);
        options ??= new LineOptions();
        Check(name, lines, options);
        var from = lines.Rank < lines.Blocks ? lines.Count + 1 : exactFrom ?? Hyperplanes.Most(lines) + 1;
        return new LineCode(name, lines, options, from);
    }

    /// <inheritdoc/>
    public IDecoder<float> CreateDecoder(BlockLayout layout, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(shape);
        return Options.Groups == 1 || (_classes.OnlyAdded && !Options.Requests)
            ? Open(_classes, layout, shape)
            : new GroupedDecoder(Options.Groups, _group.Table, layout, shape, (l, s) => Open(_group, l, s));
    }

    private IDecoder<float> Open(RowClasses classes, BlockLayout layout, ModelShape shape)
    {
        var requests = Options.Requests ? new RequestBoard(classes, new ArrivalInformation(Lines.Blocks, RequestBoard.Noise)) : null;
        return Lines.IsSignedGraph && !classes.OnlyAdded
            ? new PeelingDecoder(classes, layout, shape, requests)
            : new LinearDecoder(classes, layout, shape, requests);
    }

    // Errors of groups add up.
    private Certificate Certify(int exactFrom, bool isExact)
    {
        if (_classes.OnlyAdded)
        {
            return new Certificate(1, WorkerSets.Count(Lines.Count, Math.Clamp(exactFrom, 1, Lines.Count)), Exhaustive: true);
        }

        var least = !isExact ? Lines.Count - Options.Stragglers : Options.Requests ? Lines.Blocks : exactFrom;
        var one = LineCertificate.Of(_group, Lines, exactFrom, least, partial: !isExact);
        return one with { Amplification = Options.Groups * one.Amplification };
    }

    private static void Check(string name, LineSet lines, LineOptions options)
    {
        var most = LineSet.MostLines / lines.Count;
        if (options.Groups < 1 || options.Groups > most)
        {
            throw new ConfigurationException(
                $"{name} with {lines.Count} lines takes 1 to {most} data groups, not {options.Groups}; nearest is {Math.Clamp(options.Groups, 1, most)}");
        }

        CodeArguments.Stragglers(name, options.Groups * lines.Count, options.Stragglers);
        if (lines.Rank < lines.Blocks && !options.Lossy)
        {
            throw new ConfigurationException(
                $"{name}: the {lines.Count} lines have rank {lines.Rank}, below the {lines.Blocks} blocks, so that the gradient never comes out whole; "
                + $"add lines, use {lines.Rank} blocks, or set lossy to true for projections only");
        }

        if (lines.Rank == lines.Blocks && options.Lossy)
        {
            throw new ConfigurationException($"{name} is told to be lossy, but its lines have full rank {lines.Rank}; leave lossy out, and set stragglers to end rounds earlier");
        }

        if (options.Requests && (long)options.Groups * lines.Count * lines.Count > LineTable.MostRequests)
        {
            throw new ConfigurationException(
                $"{name} with {options.Groups * lines.Count} workers would need more than {LineTable.MostRequests} rows on request; leave requests out");
        }
    }
}

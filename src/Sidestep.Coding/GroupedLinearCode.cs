namespace Sidestep.Coding;

/// <summary>A gradient code from any linear code: its length is the load, its dimension shortens the messages, its distance is the tolerance.</summary>
/// <remarks>
/// n/d groups of d workers; every worker of a group computes the group's d partitions, cuts the sum into m blocks t⁰ … t^(m−1), and sends Σ_b Γ[b, c]·t^b, its
/// column c of the inner code's generator. A group decodes as soon as the columns that arrived have rank m; groups decode apart from one another.
/// Law: exact up to rounding for any s = δ − 1 stragglers, and for every larger set that leaves each group rank m. Where d does not divide n, groups are larger and
/// need an inner code for their size. Cost: d partitions and p/m values per worker; n·m·p/d multiply-adds to decode, and m × m systems only: n does not matter for rounding.
/// Source: Kadhe, Koyluoglu, Ramchandran, "Communication-Efficient Gradient Coding for Straggler Mitigation in Distributed Learning", ISIT 2020; the
/// placement in groups is our reconstruction.
/// <code>var code = GroupedLinearCode.Create(workers: 12, InnerCodes.Gaussian(load: 4, reduction: 2, seed: 1));</code>
/// </remarks>
public static class GroupedLinearCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "grouped-linear";

    /// <summary>Creates it from one inner code for all groups.</summary>
    /// <param name="workers">n, a multiple of the inner code's length.</param>
    /// <param name="inner">The inner code.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or the code amplifies more.</exception>
    public static ICode<float> Create(int workers, InnerCode inner, double maxAmplification = 1024)
    {
        ArgumentNullException.ThrowIfNull(inner);
        CodeArguments.Load(Name, workers, inner.Load, inner.Reduction);
        if (workers % inner.Load != 0)
        {
            var below = Math.Max(inner.Load, workers - (workers % inner.Load));
            throw new ConfigurationException(
                $"{Name}: {workers} workers are no whole number of groups of {inner.Load}; nearest are {below} or {workers - (workers % inner.Load) + inner.Load} workers, or the inner code gaussian, which fits any");
        }

        return Of(workers, [.. Enumerable.Repeat(inner, workers / inner.Load)], maxAmplification);
    }

    /// <summary>Creates it with Gaussian inner codes; where d does not divide n, groups have d or more workers, sizes as equal as possible.</summary>
    /// <param name="workers">n.</param>
    /// <param name="load">d, 1 to n.</param>
    /// <param name="reduction">m, 1 to d.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="maxAmplification">The most amplification that is accepted.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range, or the code amplifies more.</exception>
    public static ICode<float> Gaussian(int workers, int load, int reduction, ulong seed, double maxAmplification = 1024)
    {
        CodeArguments.Load(Name, workers, load, reduction);
        var groups = workers / load;
        var sizes = Enumerable.Range(0, groups).Select(g => (int)(((long)(g + 1) * workers / groups) - ((long)g * workers / groups))).ToArray();
        if (sizes.Max() > InnerCode.MostColumns)
        {
            throw new ConfigurationException($"{Name} has groups of at most {InnerCode.MostColumns} workers, not {sizes.Max()}; choose a smaller load");
        }

        var inner = sizes.Distinct().ToDictionary(size => size, size => InnerCodes.Gaussian(size, reduction, seed));
        return Of(workers, [.. sizes.Select(size => inner[size])], maxAmplification);
    }

    private static ICode<float> Of(int workers, InnerCode[] groups, double most)
    {
        var table = new TableBuilder(workers, workers, groups[0].Reduction);
        var first = 0;
        foreach (var inner in groups)
        {
            for (var c = 0; c < inner.Load; c++)
            {
                var (group, column, start) = (inner, c, first);
                table.Add(
                    start + column,
                    Enumerable.Range(0, group.Reduction).SelectMany(b => Enumerable.Range(start, group.Load).Select(p => (p, b, (float)group[b, column]))));
            }

            first += inner.Load;
        }

        return CertifiedCode.Of(
            Name, table.Build(), groups.Min(g => g.Distance) - 1, most, $"another seed, a smaller reduction, {FractionalRepetitionCode.Name} or a higher maxAmplification");
    }
}

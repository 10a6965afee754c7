namespace Sidestep.Coding;

/// <summary>Fastest-k: the uncoded table, but a round ends with n − s shares and the missing partitions are left out.</summary>
/// <remarks>
/// With rescaling, what arrived is multiplied by n/|F| (F: arrivals): unbiased only if every set F is equally likely; a slot that is always slow is
/// never learned from. Coverage error: ‖α − 1‖²/n = s/(n − s) rescaled, s/n not. Class E2.
/// Cost: one partition and p values per worker.
/// Source: baseline "ignoring s stragglers" in Tandon, Lei, Dimakis, Karampatziakis, "Gradient Coding", ICML 2017.
/// <code>var code = DropSlowestCode.Create(workers: 10, stragglers: 2);</code>
/// </remarks>
public static class DropSlowestCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "drop-slowest";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="stragglers">s, 0 to n − 1.</param>
    /// <param name="rescale">Whether to multiply by n/|F|.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int workers, int stragglers, bool rescale = true)
    {
        CodeArguments.Stragglers(Name, workers, stragglers);
        var amplification = rescale ? (double)workers / (workers - stragglers) : 1;
        var guarantee = new Guarantee(stragglers, 0, Exactness.Approximate, SteadyWeights: !rescale, amplification);
        var patience = new Patience(Residual: 0, Shares: workers - stragglers);
        return new LinearCode(Name, new RowClasses(UncodedCode.Table(workers)), guarantee, patience, rescale);
    }
}

namespace Sidestep.Coding;

/// <summary>More workers than mini-batches are needed: the first n − b gradients of a round count, each scaled to the mean over those that came.</summary>
/// <remarks>
/// n = N + b workers draw N + b mini-batches; a round ends with N of them and steps along their mean. Same table and sum as <see cref="DropSlowestCode"/>
/// with s = b, rescaled; what differs is the reading: N is the batch that is wanted, b are spares on top. Law: unbiased if who is late does not depend on
/// the data; the mean is over N mini-batches in every round. Class E2. Cost: N + b mini-batches are computed for N that count.
/// Source: Chen, Pan, Monga, Bengio, Jozefowicz, "Revisiting Distributed Synchronous SGD", ICLR 2016 workshop, arXiv 1604.00981, algorithms 3 and 4.
/// <code>var code = BackupWorkersCode.Create(workers: 12, backups: 2); // ten gradients count</code>
/// </remarks>
public static class BackupWorkersCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "backup-workers";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n = N + b, at least 1.</param>
    /// <param name="backups">b, 0 to n − 1.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int workers, int backups)
    {
        CodeArguments.Stragglers(Name, workers, backups);
        var guarantee = new Guarantee(backups, 0, Exactness.Approximate, SteadyWeights: false, (double)workers / (workers - backups));
        return new LinearCode(Name, new RowClasses(UncodedCode.Table(workers)), guarantee, new Patience(Residual: 0, Shares: workers - backups), rescale: true);
    }
}

using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>One thing a spec or flag can name.</summary>
/// <param name="Kind">What it is: <c>codes</c>, <c>compressors</c>, …</param>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="Parameters">What it takes; empty: nothing.</param>
public sealed record CatalogEntry(string Kind, string Name, string Summary, string Parameters);

/// <summary>Everything built in, by kind.</summary>
/// <remarks><code>foreach (var entry in Catalog.Of("codes")) { Console.WriteLine(entry.Name); }</code></remarks>
public static class Catalog
{
    /// <summary>The kinds, in the order of a spec.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["data", "objectives", "codes", "compressors", "optimizers", "mixers", "strategies", "fabrics"];

    /// <summary>All entries.</summary>
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("data", "idx", "pictures and labels in IDX files, the MNIST format", "images, labels, classes, test"),
        new("data", "libsvm", "sparse rows as text, 'label index:value …'", "file, features, classes, test"),
        new("data", "csv", "a table of numbers as text", "file, classes, header, label, drop, labelNames, test"),
        new("data", "gaussian-mixture", "generated clouds, one a class", "count, features, classes, separation, seed, testCount"),
        new("data", "digit-pictures", "generated pictures of digits", "count, side, seed, testCount"),
        new("data", "shards", "an imported data set, larger than memory if need be (sidestep data import)", "path, test, resident, fingerprint, testFingerprint"),
        new("objectives", "least-squares", "linear regression", "l2"),
        new("objectives", "logistic", "two classes, linear", "l2"),
        new("objectives", "softmax", "several classes, linear", "l2"),
        new("objectives", "perceptron", "several classes, hidden layers", "hidden, activation, l2"),
        .. CodeCatalog.Entries.Select(e => new CatalogEntry("codes", e.Name, e.Summary, e.Parameters)),
        .. CompressorCatalog.Entries.Select(e => new CatalogEntry("compressors", e.Name, e.Summary, e.Parameters)),
        new("optimizers", "sgd", "plain gradient steps", "rate, schedule, warmUp"),
        new("optimizers", "momentum", "heavy-ball momentum", "rate, momentum, schedule, warmUp"),
        new("optimizers", "nesterov", "Nesterov's momentum, published at the look-ahead point", "rate, momentum, schedule, warmUp"),
        new("optimizers", "adam", "adaptive moments", "rate, beta1, beta2, epsilon, schedule, warmUp"),
        new("optimizers", "adamw", "adaptive moments, weight decay apart", "rate, decay, beta1, beta2, epsilon, schedule, warmUp"),
        .. MixerCatalog.Entries.Select(e => new CatalogEntry("mixers", e.Name, e.Summary, string.Empty)),
        .. StrategyCatalog.Entries.Select(e => new CatalogEntry("strategies", e.Name, e.Summary, e.Parameters)),
        new("fabrics", "sim", "virtual time on one thread: the same run to the bit, every time", string.Empty),
        new("fabrics", "threads", "workers as threads of one process", string.Empty),
        new("fabrics", "tcp", "workers as processes, connected by sockets", string.Empty),
    ];

    /// <summary>The entries of a kind.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>; the singular is understood.</param>
    /// <exception cref="ConfigurationException">There is no such kind.</exception>
    public static IReadOnlyList<CatalogEntry> Of(string kind)
    {
        var match = Kinds.FirstOrDefault(k => k == kind || k == kind + "s" || k.Replace("ies", "y", StringComparison.Ordinal) == kind)
            ?? throw new ConfigurationException($"there is no kind '{kind}'; {Nearest.Clause(kind, Kinds)}");
        return [.. Entries.Where(e => e.Kind == match)];
    }
}

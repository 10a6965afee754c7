using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>One thing a spec or flag can name.</summary>
/// <param name="Kind">What it is: <c>codes</c>, <c>compressors</c>, …</param>
/// <param name="Name">Its name.</param>
/// <param name="Summary">What it is for.</param>
/// <param name="Parameters">What it takes; empty: nothing.</param>
/// <param name="Own">Whether this program registered it; else it is built in.</param>
public sealed record CatalogEntry(string Kind, string Name, string Summary, string Parameters, bool Own = false);

/// <summary>Everything specs and flags can name, by kind: what is built in, and what a program registered beside it. Immutable.</summary>
/// <remarks><code>foreach (var entry in SidestepCatalog.BuiltIn.Of("codes")) { Console.WriteLine(entry.Name); }</code>
/// A catalog with a program's own parts is made by <see cref="SidestepHost"/>.</remarks>
public sealed class SidestepCatalog
{
    /// <summary>The kinds, in the order of a spec.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
        ["data", "objectives", "codes", "compressors", "optimizers", "schedules", "mixers", "strategies", "fabrics"];

    private static readonly CatalogEntry[] BuiltInEntries =
    [
        new("data", "cifar-10", "pictures in CIFAR-10's binary version", "files, test"),
        new("data", "idx", "pictures and labels in IDX files, the MNIST format", "images, labels, classes, test"),
        new("data", "libsvm", "sparse rows as text, 'label index:value …'", "file, features, classes, test"),
        new("data", "csv", "a table of numbers as text", "file, classes, header, label, drop, labelNames, test"),
        new("data", "gaussian-mixture", "generated clouds, one a class", "count, features, classes, separation, seed, testCount"),
        new("data", "digit-pictures", "generated pictures of digits", "count, side, seed, testCount"),
        new("data", "shards", "an imported data set, larger than memory if need be (sidestep data import)", "path, test, resident, fingerprint, testFingerprint"),
        new("data", "text", "windows over a text, to learn the next character", "path, context, stride, test, characters"),
        new("objectives", "least-squares", "linear regression", "l2"),
        new("objectives", "logistic", "two classes, linear", "l2"),
        new("objectives", "softmax", "several classes, linear", "l2"),
        new("objectives", "network", "several classes, layers of your choice: dense, convolution, pooling, …", "layers, input, l2"),
        new("objectives", "perceptron", "several classes, hidden layers", "hidden, activation, l2"),
        new("objectives", "exec", "another program computes loss and gradient", "command, timeout, deterministic"),
        .. CodeCatalog.Entries.Select(e => new CatalogEntry("codes", e.Name, e.Summary, e.Parameters)),
        .. CompressorCatalog.Entries.Select(e => new CatalogEntry("compressors", e.Name, e.Summary, e.Parameters)),
        new("optimizers", "sgd", "plain gradient steps", "rate, schedule, warmUp"),
        new("optimizers", "momentum", "heavy-ball momentum", "rate, momentum, schedule, warmUp"),
        new("optimizers", "nesterov", "Nesterov's momentum, published at the look-ahead point", "rate, momentum, schedule, warmUp"),
        new("optimizers", "adam", "adaptive moments", "rate, beta1, beta2, epsilon, schedule, warmUp"),
        new("optimizers", "adamw", "adaptive moments, weight decay apart", "rate, decay, beta1, beta2, epsilon, schedule, warmUp"),
        new("schedules", "step", "the rate falls in steps", "factor, every"),
        new("schedules", "exponential", "the rate falls by a factor, without steps", "factor, every"),
        new("schedules", "linear", "a straight line to the floor", "floor"),
        new("schedules", "cosine", "half a cosine to the floor", "floor"),
        new("schedules", "inverse-time", "the rate falls like 1/round", "offset"),
        new("schedules", "one-cycle", "up to the rate and down to almost nothing", "rise, divide, finalDivide"),
        new("schedules", "plateau", "the rate falls when the watched metric gets no better", "factor, patience, floor"),
        .. MixerCatalog.Entries.Select(e => new CatalogEntry("mixers", e.Name, e.Summary, string.Empty)),
        .. StrategyCatalog.Entries.Select(e => new CatalogEntry("strategies", e.Name, e.Summary, e.Parameters)),
        new("fabrics", "sim", "virtual time on one thread: the same run to the bit, every time", string.Empty),
        new("fabrics", "threads", "workers as threads of one process", string.Empty),
        new("fabrics", "tcp", "workers as processes, connected by sockets", string.Empty),
    ];

    internal SidestepCatalog(OwnParts own)
    {
        Own = own;
        Entries = [.. BuiltInEntries.Concat(own.Entries).OrderBy(e => Array.IndexOf([.. Kinds], e.Kind))];
        Codes = [.. CodeCatalog.Entries, .. own.Codes];
        Compressors = [.. CompressorCatalog.Entries, .. own.Compressors];
        Mixers = [.. MixerCatalog.Entries, .. own.Mixers];
        Strategies = [.. StrategyCatalog.Entries, .. own.Strategies];
    }

    /// <summary>What is built in, and nothing else.</summary>
    public static SidestepCatalog BuiltIn { get; } = new(new OwnParts());

    /// <summary>All entries, built-in ones of a kind first.</summary>
    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>Every code.</summary>
    public IReadOnlyList<CodeEntry> Codes { get; }

    /// <summary>Every compressor.</summary>
    public IReadOnlyList<CompressorEntry> Compressors { get; }

    /// <summary>Every mixer.</summary>
    public IReadOnlyList<MixerEntry> Mixers { get; }

    /// <summary>Every strategy.</summary>
    public IReadOnlyList<StrategyEntry> Strategies { get; }

    /// <summary>What this program registered.</summary>
    internal OwnParts Own { get; }

    /// <summary>The entries of a kind.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>; the singular is understood.</param>
    /// <exception cref="ConfigurationException">There is no such kind.</exception>
    public IReadOnlyList<CatalogEntry> Of(string kind)
    {
        var match = Kinds.FirstOrDefault(k => k == kind || k == kind + "s" || k.Replace("ies", "y", StringComparison.Ordinal) == kind)
            ?? throw new ConfigurationException($"there is no kind '{kind}'; {Nearest.Clause(kind, Kinds)}");
        return [.. Entries.Where(e => e.Kind == match)];
    }

    /// <summary>The entry of a name.</summary>
    /// <exception cref="ConfigurationException">There is none; names the nearest.</exception>
    internal static T Find<T>(string what, string name, IReadOnlyList<T> entries, Func<T, string> nameOf) =>
        entries.FirstOrDefault(e => nameOf(e) == name)
            ?? throw new ConfigurationException($"there is no {what} '{name}'; {Nearest.Clause(name, entries.Select(nameOf))}");
}

using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>A program's own training command: objectives, data, codes, compressors, mixers, strategies and optimizers of its own, by name, beside
/// the built-in ones. The same program is the command, the coordinator and the worker.</summary>
/// <remarks>With the package <c>Sidestep.Cli</c> a whole program is
/// <code>return await SidestepHost.Create()
///     .AddObjective("my-net", (ObjectiveContext c, MyParameters p) => new MyNet(c.Features, c.Classes, p.Hidden))
///     .RunAsync(args);</code>
/// which has every command of <c>sidestep</c>; specs name <c>"objective": { "kind": "my-net", "hidden": 32 }</c>. Without the command,
/// <see cref="Build"/> gives a <see cref="Trainer"/>. One thread builds; names that are taken or not well-formed are refused by <see cref="Build"/>,
/// all at once. Makers must be pure: every process of a run calls them and must get the same.</remarks>
public sealed class SidestepHost
{
    private readonly List<OwnKind<ObjectiveContext, IObjective>> _objectives = [];
    private readonly List<OwnKind<DataContext, TrainingData>> _data = [];
    private readonly List<OwnKind<OptimizerContext, IOptimizer>> _optimizers = [];
    private readonly List<CodeEntry> _codes = [];
    private readonly List<CompressorEntry> _compressors = [];
    private readonly List<MixerEntry> _mixers = [];
    private readonly List<StrategyEntry> _strategies = [];
    private readonly List<CatalogEntry> _entries = [];
    private WorkerLaunch? _workers;

    private SidestepHost()
    {
    }

    /// <summary>A host with what is built in and nothing else.</summary>
    public static SidestepHost Create() => new();

    /// <summary>Registers an objective that reads the spec's further keys itself (<see cref="PartContext.Parameters"/>).</summary>
    /// <param name="name">The kind in specs: lower-case letters, digits and dashes.</param>
    /// <param name="create">Makes one instance; called once per node.</param>
    /// <param name="summary">What it is for, in a few words.</param>
    public SidestepHost AddObjective(string name, Func<ObjectiveContext, IObjective> create, string summary = "") =>
        Add("objectives", _objectives, new(name, null, create), summary);

    /// <summary>Registers an objective whose keys are the properties of a type; what does not fit is refused with line and nearest choice.</summary>
    /// <param name="name">The kind in specs: lower-case letters, digits and dashes.</param>
    /// <param name="create">Makes one instance; called once per node.</param>
    /// <param name="summary">What it is for, in a few words.</param>
    /// <typeparam name="TParameters">A record; parameters without a default are keys that must be there. Ranges as attributes are checked.</typeparam>
    public SidestepHost AddObjective<TParameters>(string name, Func<ObjectiveContext, TParameters, IObjective> create, string summary = "") =>
        Add("objectives", _objectives, Bound(name, create), summary);

    /// <summary>Registers data that read the spec's further keys themselves.</summary>
    /// <param name="name">The kind in specs.</param>
    /// <param name="create">Opens the rows; called once per process.</param>
    /// <param name="summary">What they are, in a few words.</param>
    public SidestepHost AddData(string name, Func<DataContext, TrainingData> create, string summary = "") =>
        Add("data", _data, new(name, null, create), summary);

    /// <summary>Registers data whose keys are the properties of a type.</summary>
    /// <param name="name">The kind in specs.</param>
    /// <param name="create">Opens the rows; called once per process.</param>
    /// <param name="summary">What they are, in a few words.</param>
    /// <typeparam name="TParameters">A record; parameters without a default are keys that must be there.</typeparam>
    public SidestepHost AddData<TParameters>(string name, Func<DataContext, TParameters, TrainingData> create, string summary = "") =>
        Add("data", _data, Bound(name, create), summary);

    /// <summary>Registers an optimizer that reads the spec's further keys itself.</summary>
    /// <param name="name">The name in specs.</param>
    /// <param name="create">Makes the recipe.</param>
    /// <param name="summary">What it is for, in a few words.</param>
    public SidestepHost AddOptimizer(string name, Func<OptimizerContext, IOptimizer> create, string summary = "") =>
        Add("optimizers", _optimizers, new(name, null, create), summary);

    /// <summary>Registers an optimizer whose keys are the properties of a type.</summary>
    /// <param name="name">The name in specs.</param>
    /// <param name="create">Makes the recipe.</param>
    /// <param name="summary">What it is for, in a few words.</param>
    /// <typeparam name="TParameters">A record; parameters without a default are keys that must be there.</typeparam>
    public SidestepHost AddOptimizer<TParameters>(string name, Func<OptimizerContext, TParameters, IOptimizer> create, string summary = "") =>
        Add("optimizers", _optimizers, Bound(name, create), summary);

    /// <summary>Registers a gradient code; <see cref="TableCode"/> makes one from a table.</summary>
    /// <param name="name">The name in specs.</param>
    /// <param name="create">Makes the code; refuses parameters with a <see cref="ConfigurationException"/>.</param>
    /// <param name="summary">What it is for, in a sentence.</param>
    /// <param name="parameters">Which keys of the spec's <c>code</c> it uses, separated by commas; others are refused.</param>
    public SidestepHost AddCode(
        string name, Func<CodeParameters, ICode<float>> create, string summary = "", string parameters = "workers, stragglers") =>
        Add(_codes, new(name, summary, parameters, create), new("codes", name, summary, parameters, Own: true));

    /// <summary>Registers a compressor; <c>feedback(…)</c> may stand around it if it promises a contraction.</summary>
    /// <param name="name">The name in specs, before the brackets.</param>
    /// <param name="create">Makes the recipe from the texts between the brackets.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="parameters">What stands in the brackets; empty: nothing.</param>
    public SidestepHost AddCompressor(
        string name, Func<IReadOnlyList<string>, ICompressor<float>> create, string summary = "", string parameters = "") =>
        Add(_compressors, new(name, summary, parameters, name, (texts, _) => create(texts)), new("compressors", name, summary, parameters, Own: true));

    /// <summary>Registers a mixer.</summary>
    /// <param name="name">The name in specs.</param>
    /// <param name="create">Makes the recipe.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    public SidestepHost AddMixer(string name, Func<IMixer> create, string summary = "") =>
        Add(_mixers, new(name, summary, create), new("mixers", name, summary, string.Empty, Own: true));

    /// <summary>Registers a strategy.</summary>
    /// <param name="name">The name in specs.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="summary">What it does, in a sentence.</param>
    /// <param name="parameters">Which key of the spec's <c>strategy</c> it uses; empty: none.</param>
    public SidestepHost AddStrategy(string name, Func<StrategyParameters, IStrategy> create, string summary = "", string parameters = "") =>
        Add(_strategies, new(name, summary, parameters, create), new("strategies", name, summary, parameters, Own: true));

    /// <summary>Says how worker processes of the fabric <c>tcp</c> are started; by default this program is started again.</summary>
    /// <param name="launch">A program that answers the command <c>worker</c> with a host that has the same parts.</param>
    public SidestepHost StartWorkersWith(WorkerLaunch launch)
    {
        _workers = launch;
        return this;
    }

    /// <summary>Checks the names and freezes what was registered.</summary>
    /// <exception cref="CompositionException">Names are taken, given twice or not well-formed; lists all.</exception>
    public Trainer Build()
    {
        var problems = OwnNames.Problems(_entries);
        return problems.Count > 0
            ? throw new CompositionException(problems)
            : new Trainer(new SidestepCatalog(new OwnParts
            {
                Objectives = [.. _objectives],
                Data = [.. _data],
                Optimizers = [.. _optimizers],
                Codes = [.. _codes],
                Compressors = [.. _compressors],
                Mixers = [.. _mixers],
                Strategies = [.. _strategies],
                Entries = [.. _entries],
            }), _workers);
    }

    private static OwnKind<TContext, TPart> Bound<TContext, TParameters, TPart>(string name, Func<TContext, TParameters, TPart> create)
        where TContext : PartContext
    {
        ArgumentNullException.ThrowIfNull(create);
        var type = OwnJson.Of<TParameters>();
        return new(name, type, context => create(context, OwnJson.Read(context.Parameters, type)));
    }

    private SidestepHost Add<TContext, TPart>(string kind, List<OwnKind<TContext, TPart>> list, OwnKind<TContext, TPart> own, string summary) =>
        Add(list, own, new(kind, own.Name, summary, string.Join(", ", own.Parameters?.Properties.Select(p => p.Name) ?? []), Own: true));

    private SidestepHost Add<T>(List<T> list, T part, CatalogEntry entry)
    {
        list.Add(part);
        _entries.Add(entry);
        return this;
    }
}

using System.Text;
using Microsoft.Extensions.Logging;

namespace Sidestep.Hosting;

/// <summary>Trains from a program, without the command. Immutable parts; runs may follow one another or go on side by side in different folders.</summary>
/// <remarks><code>var trainer = SidestepHost.Create().AddObjective("my-net", c => new MyNet(c.Features)).Build();
/// if (await trainer.TryRunWorkerAsync(args) is { } code) { return code; }   // only for fabric tcp
/// var result = await trainer.RunAsync(trainer.Load("run.json"), new TrainingOptions { Fabric = "tcp" });
/// Console.WriteLine(result.Accuracy);</code></remarks>
public sealed class Trainer
{
    private readonly WorkerLaunch? _workers;
    private bool _answersWorkers;

    internal Trainer(SidestepCatalog catalog, WorkerLaunch? workers) => (Catalog, _workers) = (catalog, workers);

    /// <summary>Everything specs can name in this program.</summary>
    public SidestepCatalog Catalog { get; }

    /// <summary>How worker processes are started.</summary>
    public WorkerLaunch Workers => _workers ?? WorkerLaunch.ThisProgram();

    /// <summary>Reads a spec file and applies overrides.</summary>
    /// <param name="path">A regular file of at most 1 MiB.</param>
    /// <param name="overrides">Each <c>path=value</c>, such as <c>code.stragglers=1</c>.</param>
    /// <exception cref="ConfigurationException">Something in it is not valid.</exception>
    public ResolvedSpec Load(string path, IReadOnlyList<string>? overrides = null) => SpecFile.Load(path, overrides, Catalog);

    /// <summary>Reads a spec from text; relative names start from the current folder.</summary>
    /// <param name="json">The text.</param>
    /// <param name="overrides">Each <c>path=value</c>.</param>
    /// <exception cref="ConfigurationException">Something in it is not valid.</exception>
    public ResolvedSpec Parse(string json, IReadOnlyList<string>? overrides = null) =>
        SpecFile.Parse(Encoding.UTF8.GetBytes(json), "the spec", Directory.GetCurrentDirectory(), overrides, Catalog);

    /// <summary>Checks a spec made by the program itself; relative names start from the current folder.</summary>
    /// <param name="spec">The spec.</param>
    /// <exception cref="ConfigurationException">Something in it is not valid.</exception>
    public ResolvedSpec Resolve(RunSpec spec) => Parse(SpecFile.Write(spec));

    /// <summary>Trains from a spec in text.</summary>
    /// <inheritdoc cref="RunAsync(ResolvedSpec, TrainingOptions?, CancellationToken)"/>
    public Task<RunResult> RunAsync(string json, TrainingOptions? options = null, CancellationToken stop = default) =>
        RunAsync(Parse(json), options, stop);

    /// <summary>Trains from a spec made by the program.</summary>
    /// <inheritdoc cref="RunAsync(ResolvedSpec, TrainingOptions?, CancellationToken)"/>
    public Task<RunResult> RunAsync(RunSpec spec, TrainingOptions? options = null, CancellationToken stop = default) =>
        RunAsync(Resolve(spec), options, stop);

    /// <summary>Trains until the rounds are done, the run is drained, or too many slots are missing for too long.</summary>
    /// <param name="spec">What to train.</param>
    /// <param name="options">Where and how; absent: on threads, results in a new folder under <c>runs</c>.</param>
    /// <param name="stop">Ends everything at once; <see cref="TrainingOptions.Drain"/> ends it at a round boundary with a snapshot.</param>
    /// <returns>The result, the model with it; <see cref="RunResult.Status"/> says how it ended.</returns>
    /// <exception cref="SidestepException">The run could not start, or a node failed.</exception>
    /// <exception cref="OperationCanceledException">It was ended at once.</exception>
    public async Task<RunResult> RunAsync(ResolvedSpec spec, TrainingOptions? options = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        options ??= new TrainingOptions();
        if (options.Fabric == "tcp" && _workers is null && !_answersWorkers)
        {
            throw new ConfigurationException(
                "fabric tcp starts this program again for every worker, but it would not know that it is one: begin the program with "
                + $"'if (await trainer.{nameof(TryRunWorkerAsync)}(args) is {{ }} code) return code;', name a worker program with "
                + $"{nameof(SidestepHost)}.{nameof(SidestepHost.StartWorkersWith)}, or use threads");
        }

        using var folder = RunFolder.Open(options.Folder ?? RunFolder.NextFree("runs", "run"), options.Mode);
        return await RunExecutor.RunAsync(new RunRequest
        {
            Spec = spec,
            Folder = folder,
            Fabric = options.Fabric,
            Port = options.Port,
            WorkerLaunch = Workers,
            Resume = options.Mode == FolderMode.Resume,
            Planned = options.Planned,
            Listener = options.Listener,
            Log = options.Log,
            Drain = options.Drain,
            Stop = stop,
        }).ConfigureAwait(false);
    }

    /// <summary>Serves as a worker if the program was started as one. Must come before everything else a program does: workers come and go in the middle of rounds.</summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="stop">Ends the worker at once; SIGTERM does too.</param>
    /// <returns>The exit code to end the program with; null: it was not started as a worker.</returns>
    public async Task<int?> TryRunWorkerAsync(string[] args, CancellationToken stop = default)
    {
        _answersWorkers = true;
        if (args is not [WorkerLaunch.Verb, ..])
        {
            return null;
        }

        try
        {
            return await WorkerProcess.RunAsync(args.AsMemory(1), Catalog, stop).ConfigureAwait(false);
        }
        catch (SidestepException error)
        {
            // The coordinator says the last lines of a worker that ended with an error.
            await Console.Error.WriteLineAsync($"error: {error.Message}").ConfigureAwait(false);
            return error.ExitCode;
        }
    }
}

/// <summary>Where and how a program trains.</summary>
public sealed record TrainingOptions
{
    /// <summary><c>sim</c>, <c>threads</c> or <c>tcp</c> (local processes; see <see cref="Trainer.TryRunWorkerAsync"/>).</summary>
    public string Fabric { get; init; } = "threads";

    /// <summary>Where results go; null: a new folder <c>runs/run-001</c> and so on.</summary>
    public string? Folder { get; init; }

    /// <summary>What to do with a run that is in the folder.</summary>
    public FolderMode Mode { get; init; } = FolderMode.Fresh;

    /// <summary>Port the coordinator listens on (tcp); 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Told once, when the plan is made and before anything starts; the ledger may be read by any thread while the run goes on.</summary>
    public Action<PlannedRun, RunLedger>? Planned { get; init; }

    /// <summary>Hears every event, one at a time, on the coordinator's thread: it must be quick.</summary>
    public Action<RunEvent>? Listener { get; init; }

    /// <summary>Receives the run's log (docs/observability.md); null: no log.</summary>
    public ILogger? Log { get; init; }

    /// <summary>Ends the run at the next round boundary, with a snapshot that <see cref="FolderMode.Resume"/> goes on from.</summary>
    public CancellationToken Drain { get; init; }
}

namespace Sidestep.Runtime.Threads;

/// <summary>Coordinator and workers as threads of this process: real time, real cores, no copies, no network.</summary>
/// <remarks>A node has two threads (pump and compute lane). A payload is passed by reference: the receiver reads the sender's bytes.
/// Peers hold at most <see cref="Outbox.Budget"/> bytes (and one message) of each sender before the sender waits. One run at a time.
/// <code>await new ThreadsFabric().RunAsync(options, strategy, strategy, stop);</code></remarks>
public sealed class ThreadsFabric : IFabric
{
    private readonly Traffic _traffic = new();
    private ThreadsRun? _run;

    /// <inheritdoc/>
    public string Name => "threads";

    /// <inheritdoc/>
    public FabricBytes Bytes => _traffic.Bytes;

    /// <summary>The pool all nodes lease from.</summary>
    public PayloadPool Pool { get; } = new();

    /// <summary>Ends a slot's session at this instant, as if its process was killed; from any thread. Nothing happens if the slot has none.</summary>
    /// <param name="slot">The slot.</param>
    public void Kill(int slot) => Volatile.Read(ref _run)?.Kill(slot);

    /// <inheritdoc/>
    /// <remarks>A worker whose program returns while the coordinator runs is lost and not respawned; one that throws fails the run,
    /// but for an <see cref="ObjectiveFaultException"/>, which <see cref="FabricOptions.Faulted"/> judges.</remarks>
    public async Task RunAsync(FabricOptions options, NodeProgram coordinator, NodeProgram worker, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(coordinator);
        ArgumentNullException.ThrowIfNull(worker);
        var run = new ThreadsRun(options, Pool, _traffic, worker);
        if (Interlocked.CompareExchange(ref _run, run, null) is not null)
        {
            throw new InvalidOperationException("the fabric is running: one run at a time");
        }

        try
        {
            await run.RunAsync(coordinator, stop).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _run, null);
        }
    }
}

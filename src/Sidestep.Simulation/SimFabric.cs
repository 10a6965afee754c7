namespace Sidestep.Simulation;

/// <summary>Coordinator and workers on one thread in virtual time: the real arithmetic, simulated clocks, networks and deaths. Same seed, same trace.</summary>
/// <remarks>Computations take emulated time, or 10 ms per partition when compute is measured; the order of simultaneous events is drawn from the seed.
/// A killed session vanishes with all it has under way; its slot comes back after 500 ms of virtual time and the fabric's respawn pause.
/// <code>var sim = new SimFabric();
/// await sim.RunAsync(options, strategy, strategy, stop);
/// Console.WriteLine(sim.TraceHash);</code></remarks>
public sealed class SimFabric : IFabric
{
    private readonly Traffic _traffic = new();
    private SimRun? _run;

    /// <inheritdoc/>
    public string Name => "sim";

    /// <inheritdoc/>
    public FabricBytes Bytes => _traffic.Bytes;

    /// <summary>The pool all nodes lease from.</summary>
    public PayloadPool Pool { get; } = new();

    /// <summary>How long things take; null: by the simulator's own rules.</summary>
    public ISimTiming? Timing { get; init; }

    /// <summary>Whether <see cref="TraceHash"/> is wanted; without it a run is faster.</summary>
    public bool Traced { get; init; } = true;

    /// <summary>SHA-256 over the last run's delivered messages (time, ends, topic, round, row, payload's checksum) and events, hexadecimal; empty before the first run and where no trace is wanted.</summary>
    public string TraceHash { get; private set; } = "";

    /// <summary>Virtual time the last run took.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>Ends a slot's session at this instant; called by a program or listener of the run. Nothing happens if the slot has none.</summary>
    /// <param name="slot">The slot.</param>
    public void Kill(int slot) => _run?.Kill(slot);

    /// <inheritdoc/>
    /// <remarks>Does everything before it returns, on the calling thread. A worker whose program returns while the coordinator runs is lost
    /// and not respawned; one that throws fails the run, but for an <see cref="ObjectiveFaultException"/>, which <see cref="FabricOptions.Faulted"/> judges.</remarks>
    /// <exception cref="InvalidOperationException">Deadlock: nothing will happen any more and a node still waits; says who waits for what.</exception>
    public Task RunAsync(FabricOptions options, NodeProgram coordinator, NodeProgram worker, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(coordinator);
        ArgumentNullException.ThrowIfNull(worker);
        if (_run is not null)
        {
            throw new InvalidOperationException("the fabric is running: one run at a time");
        }

        var outer = SynchronizationContext.Current;
        using var trace = Traced ? new TraceDigest() : null;
        SynchronizationContext.SetSynchronizationContext(null);
        _run = new SimRun(options, Pool, _traffic, trace, Timing, worker);
        try
        {
            _run.Run(coordinator, stop);
            return Task.CompletedTask;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Task.FromCanceled(stop);
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
        finally
        {
            (TraceHash, Elapsed) = (trace?.Hex ?? "", _run.Elapsed);
            _run = null;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}

using System.Net;
using Sidestep.Runtime;

namespace Sidestep.Hosting;

/// <summary>A worker process of a run on the fabric <c>tcp</c>.</summary>
public static class WorkerHost
{
    /// <summary>Joins the run and works until it is over.</summary>
    /// <param name="spec">The coordinator's resolved spec.</param>
    /// <param name="slot">The slot to take.</param>
    /// <param name="coordinator">Where the coordinator listens.</param>
    /// <param name="secret">The run's secret.</param>
    /// <param name="stop">Ends the worker at once.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="SidestepException">The spec does not fit, or the coordinator refuses the session.</exception>
    /// <exception cref="ObjectiveFaultException">The data on this machine are missing, damaged or others: the slot fails, while those that read a whole copy go on.</exception>
    public static async Task<int> RunAsync(ResolvedSpec spec, int slot, IPEndPoint coordinator, ReadOnlyMemory<byte> secret, CancellationToken stop)
    {
        try
        {
            return await JoinAsync(spec, slot, coordinator, secret, stop).ConfigureAwait(false);
        }
        catch (DataException error)
        {
            throw new ObjectiveFaultException($"the data cannot be used: {error.Message}", error);
        }
    }

    private static async Task<int> JoinAsync(ResolvedSpec spec, int slot, IPEndPoint coordinator, ReadOnlyMemory<byte> secret, CancellationToken stop)
    {
        using var run = RunPlanner.Build(spec, evaluate: false, stop);
        var (strategy, plan) = (run.Strategy, run.Plan);
        var options = new TcpWorkerOptions
        {
            Coordinator = coordinator,
            Slot = slot,
            Workers = plan.Workers,
            Secret = secret,
            SpecHash = spec.Hash,
            NumericClass = run.NumericClass,
            Limits = strategy.Limits(plan),
            Node = new LiveNodeOptions { Seed = plan.Seed, Weather = run.Weather, Compute = run.Compute },
        };
        return await TcpWorker.RunAsync(options, (node, ending) => strategy.RunAsync(node, strategy.Create(plan, node.Id), ending), stop).ConfigureAwait(false);
    }
}

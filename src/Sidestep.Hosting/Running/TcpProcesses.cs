using System.Globalization;
using Sidestep.Runtime;

namespace Sidestep.Hosting;

/// <summary>The fabric of local processes for a run: every worker reads the spec from the run's folder.</summary>
internal static class TcpProcesses
{
    public static IFabric Create(RunRequest request, PlannedRun run, FramesFile? frames)
    {
        var launch = request.WorkerLaunch
            ?? throw new ConfigurationException("fabric tcp starts worker processes, but this program does not say how: use threads, or the sidestep command");
        return new TcpFabric(new TcpFabricOptions
        {
            Port = request.Port,
            SpecHash = run.Resolved.Hash,
            NumericClass = run.NumericClass,
            Capture = frames is null ? null : frames.Hear,
            Launcher = new ProcessLauncher(
                launch.FileName,
                (slot, coordinator) =>
                [
                    .. launch.Arguments,
                    "--coordinator", coordinator.ToString(),
                    "--slot", slot.ToString(CultureInfo.InvariantCulture),
                    "--spec", request.Folder.Spec,
                    "--folder", run.Resolved.Folder,
                ],
                request.Started),
        });
    }
}

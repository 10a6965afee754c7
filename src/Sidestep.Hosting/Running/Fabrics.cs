using Sidestep.Runtime.Threads;
using Sidestep.Simulation;

namespace Sidestep.Hosting;

/// <summary>Fabrics by name.</summary>
internal static class Fabrics
{
    private static readonly string[] Names = ["sim", "threads", "tcp"];

    public static IFabric Create(RunRequest request, PlannedRun run, FramesFile? frames) => request.Fabric switch
    {
        "sim" => new SimFabric(),
        "threads" => new ThreadsFabric(),
        "tcp" => TcpProcesses.Create(request, run, frames),
        _ => throw new ConfigurationException($"there is no fabric '{request.Fabric}'; {Nearest.Clause(request.Fabric, Names)}"),
    };
}

using System.Net;

namespace Sidestep.Runtime;

/// <summary>Starts worker processes.</summary>
public interface IWorkerLauncher
{
    /// <summary>Starts the process of a slot; it dials the endpoint and proves the secret.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="endpoint">Where the coordinator listens.</param>
    /// <param name="secret">The run's secret; never to be put on a command line.</param>
    /// <exception cref="OperatingSystemException">The process cannot be started.</exception>
    ILaunchedWorker Launch(int slot, IPEndPoint endpoint, ReadOnlyMemory<byte> secret);
}

/// <summary>A worker process.</summary>
public interface ILaunchedWorker
{
    /// <summary>Its process id.</summary>
    int ProcessId { get; }

    /// <summary>Its exit code, when it has exited.</summary>
    Task<int> Exited { get; }

    /// <summary>The last lines it wrote to standard error.</summary>
    string ErrorTail { get; }

    /// <summary>Ends it at once (SIGKILL); nothing happens if it has exited.</summary>
    void Kill();
}

using System.Net;

namespace Sidestep.Runtime.Tests.Conformance;

/// <summary>The fabric of sockets with workers in this process: real links, no processes.</summary>
internal sealed class InProcessTcpFabric : IFabric
{
    private TcpFabric? _inner;

    public string Name => "tcp";

    public FabricBytes Bytes => _inner?.Bytes ?? default;

    public async Task RunAsync(FabricOptions options, NodeProgram coordinator, NodeProgram worker, CancellationToken stop)
    {
        var launcher = new Launcher(options, worker);
        _inner = new TcpFabric(new TcpFabricOptions { Launcher = launcher, SpecHash = "spec", NumericClass = "test" });
        try
        {
            await _inner.RunAsync(options, coordinator, worker, stop);
        }
        catch (OperatingSystemException) when (launcher.Failure is not null)
        {
            throw launcher.Failure;
        }
    }

    private sealed class Launcher(FabricOptions options, NodeProgram program) : IWorkerLauncher
    {
        public Exception? Failure { get; private set; }

        public ILaunchedWorker Launch(int slot, IPEndPoint endpoint, ReadOnlyMemory<byte> secret)
        {
            var worker = new Worker(slot);
            worker.Exited = Task.Run(async () =>
            {
                try
                {
                    return await TcpWorker.RunAsync(
                        new TcpWorkerOptions
                        {
                            Coordinator = endpoint,
                            Slot = slot,
                            Workers = options.Workers,
                            Secret = secret,
                            SpecHash = "spec",
                            NumericClass = "test",
                            Limits = options.Limits,
                            Node = new LiveNodeOptions { Seed = options.Seed, Weather = options.Weather, Compute = options.Compute },
                        },
                        program,
                        worker.Stop.Token);
                }
                catch (OperationCanceledException)
                {
                    return 137;
                }
                catch (SidestepException)
                {
                    return 69;
                }
                catch (Exception error)
                {
                    Failure ??= error;
                    return 78;
                }
            });
            return worker;
        }
    }

    private sealed class Worker(int slot) : ILaunchedWorker
    {
        public CancellationTokenSource Stop { get; } = new();

        public int ProcessId => slot + 1;

        public Task<int> Exited { get; set; } = Task.FromResult(0);

        public string ErrorTail => string.Empty;

        public void Kill() => Stop.Cancel();
    }
}

using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Sidestep.Runtime;

namespace Sidestep.Hosting;

/// <summary>The hidden command <c>worker</c> of every program with a host: what the fabric <c>tcp</c> starts. The secret comes in the environment.</summary>
internal static class WorkerProcess
{
    private const string Form = "worker --coordinator HOST:PORT --slot N --spec FILE --folder FOLDER";

    public static async Task<int> RunAsync(ReadOnlyMemory<string> args, SidestepCatalog catalog, CancellationToken ending)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            values[args.Span[i]] = args.Span[i + 1];
        }

        var slot = Slot(Value(values, "--slot"));
        var coordinator = EndPoint(Value(values, "--coordinator"));
        var spec = SpecFile.LoadResolved(Value(values, "--spec"), Value(values, "--folder"), catalog);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ending);

        // A terminal's Ctrl-C reaches workers too, but it is the coordinator who drains them.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            return await WorkerHost.RunAsync(spec, slot, coordinator, Secret(), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static string Value(Dictionary<string, string> values, string name) =>
        values.GetValueOrDefault(name) ?? throw new ConfigurationException($"{name} is missing; write {Form}");

    private static int Slot(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var slot)
        ? slot
        : throw new ConfigurationException($"--slot '{text}' is not a slot; write {Form}");

    private static IPEndPoint EndPoint(string text) => IPEndPoint.TryParse(text, out var point) && point.Port > 0
        ? point
        : throw new ConfigurationException($"--coordinator '{text}' is not an address with a port; write {Form}");

    private static byte[] Secret()
    {
        var text = Environment.GetEnvironmentVariable(ProcessLauncher.SecretVariable);
        try
        {
            return Convert.FromHexString(text ?? string.Empty) is { Length: > 0 } secret ? secret : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new ConfigurationException($"the environment variable {ProcessLauncher.SecretVariable} must hold the run's secret in hexadecimal");
        }
    }
}

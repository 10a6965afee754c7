using System.Runtime.InteropServices;

namespace Sidestep.Cli;

/// <summary>SIGINT and SIGTERM end a command that cleans up behind itself.</summary>
internal sealed class Interrupt : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interrupt()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Runs a command's work; an interrupted one ends with exit code 130.</summary>
    public static int Run(Terminal terminal, Func<CancellationToken, int> work, string left)
    {
        using var interrupt = new Interrupt();
        try
        {
            return work(interrupt.Stop);
        }
        catch (OperationCanceledException) when (interrupt.Stop.IsCancellationRequested)
        {
            terminal.Error.WriteLine($"interrupted; {left}");
            return RunCommand.Interrupted;
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}

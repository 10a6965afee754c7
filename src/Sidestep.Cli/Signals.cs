using System.Runtime.InteropServices;

namespace Sidestep.Cli;

/// <summary>SIGINT and SIGTERM: the first drains the run at its next round boundary, the second ends it at once.</summary>
internal sealed class Signals : IDisposable
{
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly TextWriter _told;
    private readonly string _draining;
    private int _count;

    /// <param name="told">Told of the first signal.</param>
    /// <param name="draining">What the first signal does.</param>
    public Signals(TextWriter told, string draining = "draining: it ends at the next boundary")
    {
        (_told, _draining) = (told, draining);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Drain => _drain.Token;

    /// <summary>Cancelled by the second.</summary>
    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _drain.Dispose();
        _stop.Dispose();
    }

    private void Hear(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _told.WriteLine($"{_draining}; a second signal ends it at once");
            _drain.Cancel();
        }
        else
        {
            _stop.Cancel();
        }
    }
}

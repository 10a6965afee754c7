using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sidestep.Hosting;

/// <summary>Trains while a host runs. When the host stops, the run ends at its next round boundary with a snapshot; when the host's patience
/// is over (<c>HostOptions.ShutdownTimeout</c>), at once.</summary>
internal sealed class TrainingService(Trainer trainer, BackgroundTraining training, TrainingProgress progress, ILoggerFactory logs) : BackgroundService
{
    private readonly CancellationTokenSource _stop = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (ExecuteTask is { IsCompleted: false } running)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(running).ConfigureAwait(false);
        }
    }

    public override void Dispose()
    {
        _stop.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Opening data may take minutes: the host's start must not wait for it.
        await Task.Yield();
        using var drain = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, training.Options.Drain);
        try
        {
            var options = training.Options;
            var result = await trainer.RunAsync(
                training.Spec(trainer),
                options with
                {
                    Drain = drain.Token,
                    Log = options.Log ?? logs.CreateLogger("Sidestep"),
                    Planned = Began + options.Planned,
                    Listener = Heard + options.Listener,
                },
                _stop.Token).ConfigureAwait(false);
            progress.End(result);
        }
        catch (OperationCanceledException error) when (_stop.IsCancellationRequested)
        {
            progress.Fail(error);
        }
        catch (Exception error)
        {
            progress.Fail(error);
            throw;
        }
    }

    private void Began(PlannedRun planned, RunLedger ledger) => progress.Begin(planned, ledger);

    private void Heard(RunEvent happened) => progress.Hear(happened);
}

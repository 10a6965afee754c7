using System.Net;

namespace Sidestep.Runtime;

/// <summary>Keeps one process per slot alive while a run lasts.</summary>
internal sealed class WorkerProcesses(IWorkerLauncher launcher, IPEndPoint endpoint, ReadOnlyMemory<byte> secret, FabricOptions run, TimeProvider time)
{
    // A process that dies within this time has not come to life; so many of these in a row and the slot is given up.
    private static readonly TimeSpan Infancy = TimeSpan.FromSeconds(2);
    private const int MostInfantDeaths = 5;

    private readonly ILaunchedWorker?[] _alive = new ILaunchedWorker?[run.Workers];
    private readonly CancellationTokenSource _ending = new();
    private Task[] _keeping = [];

    /// <summary>Ids of the processes now alive, by slot; 0: none.</summary>
    public int[] ProcessIds => [.. _alive.Select(w => w is { Exited.IsCompleted: false } ? w.ProcessId : 0)];

    /// <summary>Runs until <see cref="EndAsync"/>; faults when a slot cannot be kept alive.</summary>
    public async Task KeepAsync()
    {
        var all = _keeping = Enumerable.Range(0, run.Workers).Select(KeepAsync).ToArray();
        while (all.Length > 0)
        {
            // The first failure counts; slots that end without one are done.
            await (await Task.WhenAny(all).ConfigureAwait(false)).ConfigureAwait(false);
            all = [.. all.Where(t => !t.IsCompletedSuccessfully)];
        }
    }

    public void Kill(int slot) => Volatile.Read(ref _alive[slot])?.Kill();

    /// <summary>Starts nobody any more, waits for those alive, and kills those that do not end in time.</summary>
    public async Task EndAsync(TimeSpan patience)
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        var exits = Task.WhenAll(_alive.OfType<ILaunchedWorker>().Select(w => w.Exited));
        await Task.WhenAny(exits, Task.Delay(patience, time, CancellationToken.None)).ConfigureAwait(false);
        foreach (var worker in _alive)
        {
            worker?.Kill();
        }

        await exits.ConfigureAwait(false);

        // A process that was just being started is killed by its keeper.
        await Task.WhenAny(Task.WhenAll(_keeping)).ConfigureAwait(false);
    }

    private async Task KeepAsync(int slot)
    {
        await Task.Yield();
        for (var infantDeaths = 0; !_ending.IsCancellationRequested;)
        {
            var born = time.GetTimestamp();
            var worker = launcher.Launch(slot, endpoint, secret);
            Volatile.Write(ref _alive[slot], worker);
            if (_ending.IsCancellationRequested)
            {
                worker.Kill();
            }

            var code = await worker.Exited.ConfigureAwait(false);
            var hasFaulted = code == ObjectiveFaultException.Code && run.Faulted is not null && !_ending.IsCancellationRequested;
            var respawn = hasFaulted ? run.Faulted!(slot, Words(worker)) : run.Respawn;
            if (_ending.IsCancellationRequested || respawn is null || code == 0)
            {
                return;
            }

            infantDeaths = time.GetElapsedTime(born) < Infancy && code is > 0 and < 128 && !hasFaulted ? infantDeaths + 1 : 0;
            if (infantDeaths >= MostInfantDeaths || code is 77 or 78)
            {
                throw new OperatingSystemException(
                    $"worker {slot} ended with exit code {code}" + (infantDeaths > 1 ? $", {infantDeaths} times in a row right after its start" : string.Empty)
                    + (worker.ErrorTail.Length > 0 ? $": {Words(worker)}" : string.Empty),
                    code is 77 or 78 ? code : 71);
            }

            try
            {
                await Task.Delay(respawn.Value, time, _ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    // What it said at the end, without the mark that commands put in front.
    private static string Words(ILaunchedWorker worker)
    {
        const string Mark = "error: ";
        var tail = worker.ErrorTail.Trim();
        return tail.StartsWith(Mark, StringComparison.Ordinal) ? tail[Mark.Length..] : tail;
    }
}

using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>How a worker looks from the coordinator.</summary>
internal enum WorkerLook
{
    /// <summary>Has not answered since its process was started.</summary>
    Starting,

    /// <summary>There, and answering.</summary>
    Well,

    /// <summary>Has owed an answer for much longer than computing takes.</summary>
    Stalled,

    /// <summary>Gone.</summary>
    Dead,
}

/// <summary>A worker on the board.</summary>
/// <param name="Slot">Its slot.</param>
/// <param name="ProcessId">Its process; 0: none.</param>
/// <param name="Shares">Shares that came in time.</param>
/// <param name="Deaths">How often it died.</param>
/// <param name="Look">How it looks now.</param>
internal readonly record struct WorkerLine(int Slot, int ProcessId, long Shares, int Deaths, WorkerLook Look);

/// <summary>What a lane's workers do now. Fed by the run's threads, read by the screen's.</summary>
internal sealed class LaneBoard(DemoLane lane, long rounds, bool showsProcesses)
{
    // So many times the computing time without an answer is a stall to the eye.
    private const int Patience = 4;

    private readonly Lock _gate = new();
    private readonly Slot[] _slots = [.. Enumerable.Range(0, DemoLane.Workers).Select(_ => new Slot())];
    private readonly TimeSpan _tolerated = TimeSpan.FromMilliseconds(lane.RoundMilliseconds * Patience);
    private RunLedger? _ledger;

    /// <summary>Told what a reader should know at once: a process that started, a death, a return.</summary>
    public Action<string>? Tells { get; set; }

    /// <summary>The lane.</summary>
    public DemoLane Lane => lane;

    /// <summary>Rounds to do.</summary>
    public long Rounds => rounds;

    /// <summary>Whether processes are shown by their ids, to be killed.</summary>
    public bool ShowsProcesses => showsProcesses;

    /// <summary>Shares a worker gives in a round if all is well.</summary>
    public int SharesPerRound { get; private set; } = 1;

    /// <summary>Rounds done.</summary>
    public long Done => _ledger?.Rounds ?? 0;

    /// <summary>Milliseconds of half of the rounds.</summary>
    public double Milliseconds => (_ledger?.RoundSeconds().P50 ?? 0) * 1000;

    public void Begin(PlannedRun run, RunLedger ledger)
    {
        SharesPerRound = Math.Max(1, LedgerBasis.Of(run.Strategy, run.Plan).OwnRows[0]);
        Volatile.Write(ref _ledger, ledger);
    }

    public void Started(int slot, int processId)
    {
        lock (_gate)
        {
            var worker = _slots[slot];
            Tell(string.Create(CultureInfo.InvariantCulture, $"slot {slot} is {(worker.WasStarted ? "started again: " : string.Empty)}pid {processId}"));
            (worker.ProcessId, worker.WasStarted) = (processId, true);
        }
    }

    public void Hear(RunEvent happened)
    {
        lock (_gate)
        {
            if ((uint)happened.Slot >= DemoLane.Workers)
            {
                if (happened is { Phase: Phase.Round, Round: 0 })
                {
                    Tell("the first round is done: kill whom you like");
                }

                return;
            }

            Hear(happened, _slots[happened.Slot]);
        }
    }

    /// <summary>All workers as they are now.</summary>
    public IReadOnlyList<WorkerLine> Workers()
    {
        lock (_gate)
        {
            return [.. _slots.Select((s, id) => new WorkerLine(id, s.ProcessId, s.Shares, s.Deaths, LookOf(s)))];
        }
    }

    private void Hear(in RunEvent happened, Slot slot)
    {
        switch (happened.Phase)
        {
            case Phase.Joined:
                slot.IsThere = true;
                if (slot.Deaths > 0)
                {
                    Tell(string.Create(CultureInfo.InvariantCulture, $"slot {happened.Slot} is back in round {Done + 1}"));
                }

                break;
            case Phase.Lost when Done < rounds:
                (slot.IsThere, slot.Owes, slot.Answers, slot.ProcessId) = (false, false, false, 0);
                slot.Deaths++;
                Tell(string.Create(CultureInfo.InvariantCulture, $"slot {happened.Slot} died in round {Done + 1}"));
                break;
            case Phase.Model when !slot.Owes:
                (slot.Owes, slot.Since) = (true, TimeProvider.System.GetTimestamp());
                break;
            case Phase.Share:
                slot.Shares++;
                (slot.Owes, slot.Answers) = (false, true);
                break;
            case Phase.Late:
                (slot.Owes, slot.Answers) = (false, true);
                break;
        }
    }

    private WorkerLook LookOf(Slot slot) => slot switch
    {
        { IsThere: false, Deaths: > 0 } => WorkerLook.Dead,
        { Answers: false } => WorkerLook.Starting,
        { Owes: true } when TimeProvider.System.GetElapsedTime(slot.Since) > _tolerated => WorkerLook.Stalled,
        _ => WorkerLook.Well,
    };

    private void Tell(string what)
    {
        if (showsProcesses)
        {
            Tells?.Invoke(what);
        }
    }

    private sealed class Slot
    {
        public bool WasStarted { get; set; }

        public bool IsThere { get; set; }

        public bool Answers { get; set; }

        public bool Owes { get; set; }

        public long Since { get; set; }

        public long Shares { get; set; }

        public int Deaths { get; set; }

        public int ProcessId { get; set; }
    }
}

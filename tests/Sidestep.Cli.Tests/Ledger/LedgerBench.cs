using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Ledger;

/// <summary>Feeds a ledger with events written by hand, in milliseconds.</summary>
internal sealed class LedgerBench(LedgerBasis basis)
{
    public RunLedger Ledger { get; } = new(basis);

    public static LedgerBasis Uncoded(int workers) => new() { Workers = workers, PassCost = workers, OwnRows = [.. Enumerable.Repeat(1, workers)] };

    public LedgerBench Join(params int[] slots)
    {
        foreach (var slot in slots)
        {
            Say(slot, 0, Phase.Joined, 0, 0);
        }

        return this;
    }

    public LedgerBench Say(int slot, long round, Phase phase, double start, double end, double value = 0, int row = -1)
    {
        Ledger.Hear(new RunEvent(slot, round, row, phase, TimeSpan.FromMilliseconds(start), TimeSpan.FromMilliseconds(end), value));
        return this;
    }

    /// <summary>A slot is given a model, works on it and delivers in time.</summary>
    public LedgerBench Work(int slot, long round, double given, double begun, double computed, double there, double cost = 1, Phase how = Phase.Share) =>
        Say(slot, round, Phase.Model, given, given)
            .Say(slot, round, Phase.Compute, begun, computed, cost)
            .Say(slot, round, how, there, there, row: slot);

    public LedgerBench End(long round, double began, double ended) => Say(Slots.Coordinator, round, Phase.Round, began, ended);

    public (LedgerResult Result, IReadOnlyList<WorkerResult> Workers) Close()
    {
        Ledger.Close();
        return (Ledger.Result(), Ledger.Workers());
    }
}

using System.Collections.Immutable;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>What a ledger must know of a run's plan to tell what redundancy saved and cost.</summary>
public sealed record LedgerBasis
{
    /// <summary>Number of slots.</summary>
    public required int Workers { get; init; }

    /// <summary>Partition gradients of one pass over the data, in a round; infinite: whatever is computed belongs to the pass.</summary>
    public double PassCost { get; init; } = double.PositiveInfinity;

    /// <summary>Rows each slot sends without being asked, in a round; 0: it owns none and computes what it is handed.</summary>
    public ImmutableArray<int> OwnRows { get; init; } = [];

    /// <summary>By row: sent only when somebody asks for it.</summary>
    public ImmutableArray<bool> OnRequest { get; init; } = [];

    /// <summary>Whether one share ends all computations of its round (local steps); else each share belongs to one computation.</summary>
    public bool OneShareARound { get; init; }

    /// <summary>Whether a round ends for all at once, so that one slot can hold up the others.</summary>
    public bool HasRounds { get; init; } = true;

    /// <summary>Partition gradients one slot computes in a round when nothing is computed twice.</summary>
    public double FairCost => PassCost / Workers;

    /// <summary>The basis of a plan.</summary>
    /// <param name="strategy">The training method.</param>
    /// <param name="plan">The plan.</param>
    public static LedgerBasis Of(IStrategy strategy, RunPlan plan)
    {
        var rows = plan.Code.Table.Rows;
        var own = new int[plan.Workers];
        foreach (var row in rows)
        {
            own[row.Worker] += row.OnRequest ? 0 : 1;
        }

        return new LedgerBasis
        {
            Workers = plan.Workers,
            PassCost = strategy switch
            {
                LocalDescent => double.PositiveInfinity,
                AsyncDescent { Policy: AsyncPolicy.Immediate } a => (double)plan.Code.Table.Partitions * (a.Shares ?? 1) / Math.Max(1, own.Sum()),
                _ => plan.Code.Table.Partitions,
            },
            OwnRows = [.. own],
            OnRequest = [.. rows.Select(r => r.OnRequest)],
            OneShareARound = strategy is LocalDescent,
            HasRounds = strategy is not AsyncDescent or AsyncDescent { Policy: AsyncPolicy.Round, MaxStaleness: 0 },
        };
    }

    internal int OwnRowsOf(int slot) => slot < OwnRows.Length ? OwnRows[slot] : 1;

    internal bool IsOnRequest(int row) => row >= 0 && row < OnRequest.Length && OnRequest[row];
}

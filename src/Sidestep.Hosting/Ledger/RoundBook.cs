namespace Sidestep.Hosting;

/// <summary>Rounds of which something is still unknown; each is settled when every slot's part of it is known, or when too many wait.</summary>
/// <remarks>Single owner. Memory: <see cref="MostOpen"/> rounds at most; records are recycled, nothing is allocated once warm.</remarks>
internal sealed class RoundBook(LedgerBasis basis, SlotAccount[] accounts)
{
    /// <summary>Rounds that may wait for a slot that is stuck or away; older ones are settled with what is known.</summary>
    public const int MostOpen = 4096;

    private readonly Queue<RoundRecord> _open = new();
    private readonly Stack<RoundRecord> _spare = new();
    private readonly RoundSettlement _settlement = new(basis, accounts);
    private long _last = -1;
    private RoundRecord? _newest;

    /// <summary>Net seconds that would have been waited more, without redundancy and waiting for all; at least.</summary>
    public double SavedTicks => _settlement.Saved;

    /// <summary>The same times the slots taking part.</summary>
    public double SavedWorkerTicks => _settlement.SavedWorkers;

    /// <summary>The record of a round, or null: it is settled already.</summary>
    public RoundRecord? Find(long round)
    {
        if (round > _last)
        {
            Open(round);
            return _newest;
        }

        if (_newest?.Round == round)
        {
            return _newest;
        }

        foreach (var record in _open)
        {
            if (record.Round == round)
            {
                return record;
            }
        }

        return null;
    }

    /// <summary>A slot's session ended, or another one began.</summary>
    public void Changed(int slot, long at, bool isThere)
    {
        foreach (var record in _open)
        {
            if (isThere)
            {
                record.Slots[slot].Returned(at);
            }
            else if (record == _newest)
            {
                record.Slots[slot].Left();
            }
        }
    }

    /// <summary>Settles what can be settled.</summary>
    public void Settle(bool all = false)
    {
        while (_open.TryPeek(out var oldest) && (all ? oldest.HasEnded : _open.Count > MostOpen || IsKnown(oldest)))
        {
            _open.Dequeue();
            if (oldest.HasEnded)
            {
                _settlement.Settle(oldest);
            }

            _newest = oldest == _newest ? null : _newest;
            _spare.Push(oldest);
        }
    }

    private void Open(long round)
    {
        if (!_spare.TryPop(out var record))
        {
            record = new RoundRecord(basis.Workers);
        }

        record.Begin(round);
        _open.Enqueue(record);
        (_last, _newest) = (round, record);
    }

    private bool IsKnown(RoundRecord record)
    {
        if (!record.HasEnded)
        {
            return false;
        }

        for (var slot = 0; slot < record.Slots.Length; slot++)
        {
            ref var part = ref record.Slots[slot];
            if (part.TakesPart && !part.IsOver && (part.IsAway || accounts[slot].WorkedOn <= record.Round))
            {
                return false;
            }
        }

        return true;
    }
}

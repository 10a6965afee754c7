namespace Sidestep.Training;

/// <summary>Rows on request in the round policy: whom each version's decoder can count on, what it wants of them, and who helps the first in line instead of waiting.</summary>
/// <remarks>A slot counts for the version it works on, and, if it sends rows unasked, for those it has not come to yet. Whoever would have to wait because no further version may be opened
/// helps the first in line instead: slots that have not answered that one count as late, and their rows are asked for.</remarks>
internal sealed class RoundRequests
{
    private readonly CodeTable<float> _table;
    private readonly Assignments _work;
    private readonly bool[] _there;
    private readonly bool[] _elsewhere;
    private readonly long[] _tried;
    private long _news;

    public RoundRequests(CodeTable<float> table, Assignments work)
    {
        (_table, _work) = (table, work);
        IsUsed = table.Rows.Any(r => r.OnRequest);
        _there = new bool[table.Workers];
        _tried = new long[table.Workers];
        _elsewhere = new bool[table.Workers];
        Array.Fill(_tried, -1);
    }

    /// <summary>Whether the code has rows on request at all; else nothing here does anything.</summary>
    public bool IsUsed { get; }

    /// <summary>What is to be sent.</summary>
    public List<Message> Outgoing { get; } = [];

    /// <summary>Something happened that may let a waiting slot help.</summary>
    public void News() => _news++;

    public void Joined(int slot) => _there[slot] = true;

    public void Lost(int slot) => _there[slot] = false;

    /// <summary>Opens a version; its decoder is told first whom it cannot count on.</summary>
    public void Open(OpenVersion version, INode node, CoordinatorState state, long label, TimeSpan now)
    {
        for (var slot = 0; IsUsed && slot < _there.Length; slot++)
        {
            version.Count(slot, _there[slot] && !_work.OwnRows(slot).IsEmpty);
        }

        Follow(version, version.Open(node, state, label, now));
    }

    /// <summary>Tells a version that a slot can, or cannot, be counted on.</summary>
    public void Count(OpenVersion version, int slot, bool isThere)
    {
        if (IsUsed && version.Counts(slot) != isThere)
        {
            Follow(version, version.Count(slot, isThere));
        }
    }

    /// <summary>Carries out what a decoder wants of slots that work on its version; others it is told not to count on.</summary>
    public void Follow(OpenVersion version, Verdict verdict)
    {
        if (!IsUsed)
        {
            return;
        }

        Carry(version, verdict);
        while (Array.IndexOf(_elsewhere, true) is var slot && slot >= 0)
        {
            _elsewhere[slot] = false;
            Carry(version, version.Count(slot, isThere: false));
        }
    }

    /// <summary>Lets a slot that would have to wait help the first in line.</summary>
    /// <param name="slot">The slot; it owes nothing.</param>
    /// <param name="first">The first in line.</param>
    /// <param name="next">The version every slot is to answer next.</param>
    /// <param name="isGivenAgain">Whether the slot must be sent that version's model again, because it has worked on another since.</param>
    /// <returns>Whether it was asked for something.</returns>
    public bool TryHelp(int slot, OpenVersion first, ReadOnlySpan<long> next, out bool isGivenAgain)
    {
        isGivenAgain = false;
        if (!IsUsed || _tried[slot] == _news)
        {
            return false;
        }

        _tried[slot] = _news;
        isGivenAgain = _work.On(slot) != first.Label;
        if (isGivenAgain)
        {
            _work.Lend(slot, first.Label);
        }

        for (var other = 0; other < _there.Length; other++)
        {
            if (next[other] <= first.Label)
            {
                Count(first, other, isThere: false);
            }
        }

        Count(first, slot, isThere: true);
        if (_work.IsBusy(slot))
        {
            for (var i = 0; isGivenAgain && i < _work.OwnRows(slot).Length; i++)
            {
                Outgoing.Insert(0, Of(Topic.Withdraw, _work.OwnRows(slot)[i], first.Label) with { Value = 1 });
            }

            return true;
        }

        if (isGivenAgain)
        {
            Count(first, slot, isThere: false);
        }

        return false;
    }

    private void Carry(OpenVersion version, in Verdict verdict)
    {
        foreach (var row in verdict.Withdrawn.Span)
        {
            if (_work.Settle(row, version.Label))
            {
                Outgoing.Add(Of(Topic.Withdraw, row, version.Label) with { Value = version.Uses(row) ? 1 : 0 });
            }
        }

        foreach (var row in verdict.Wanted.Span)
        {
            var slot = _table.Rows[row].Worker;
            if (_work.On(slot) == version.Label)
            {
                _work.Ask(row);
                Outgoing.Add(Of(Topic.Ask, row, version.Label));
            }
            else
            {
                _elsewhere[slot] = true;
            }
        }
    }

    private Message Of(Topic topic, int row, long label) => new() { To = _table.Rows[row].Worker, Topic = topic, Round = label, Row = row };
}

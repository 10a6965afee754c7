namespace Sidestep.Coding;

/// <summary>Who computes which small partition: idle slots take what nobody has, then the tails of slots that will be late, then repeat what a slower slot has begun.</summary>
/// <remarks>
/// Keeps no clock. What a slot has sent since the round began is its speed, so a slot that holds q rows and has sent d is expected to end after
/// (q − ½)/(d + ½) of the time that has passed. A slot is given work when it holds fewer rows than the depth:
/// 1. classes nobody living holds (never given out, lost, refused);
/// 2. else the last row of the slot that is expected to end last, if the asked slot would have it ready before; the row is withdrawn from the first;
/// 3. else, for a slot that holds nothing, the class in the hands of one slower slot that is expected to take longest; the first to answer wins and
/// the other is withdrawn.
/// Nobody computes a class a third time unless a holder is lost. Rows computed twice are counted and, from the bound on, not risked any more.
/// Cost: O(slots + classes) an event; nothing is allocated after it was made.
/// </remarks>
internal sealed class WorkBoard : IRequests
{
    private enum Given : byte
    {
        No,
        Yes,
        Moved,
        Sent,
    }

    private readonly RowClasses _classes;
    private readonly WorkSharing _sharing;
    private readonly int _slots;
    private readonly int _count;
    private readonly int[] _rowOf;
    private readonly int[] _ownerOf;
    private readonly Given[] _given;
    private readonly bool[] _over;
    private readonly bool[] _came;
    private readonly int[] _holder;
    private readonly int[] _holders;
    private readonly List<int>[] _queue;
    private readonly int[] _done;
    private readonly bool[] _lost;
    private readonly bool[] _passed;
    private readonly double _mostExtra;
    private int[] _wanted;
    private int[] _withdrawn = new int[16];
    private int _withdrawnCount;
    private int _free;
    private int _extra;

    /// <summary>Creates it for a table of classes of one partition each; nobody is lost.</summary>
    public WorkBoard(RowClasses classes, WorkSharing sharing)
    {
        (_classes, _sharing, _slots, _count) = (classes, sharing, classes.Table.Workers, classes.Count);
        (_rowOf, _ownerOf) = (new int[_slots * _count], new int[_count]);
        Array.Fill(_rowOf, -1);
        Array.Fill(_ownerOf, -1);
        for (var row = 0; row < classes.Table.Rows.Length; row++)
        {
            var (spec, number) = (classes.Table.Rows[row], classes.Of(row));
            _rowOf[(spec.Worker * _count) + number] = row;
            _ownerOf[number] = spec.OnRequest ? _ownerOf[number] : spec.Worker;
        }

        _given = new Given[_slots * _count];
        _over = new bool[_slots * _count];
        (_came, _holder, _holders) = (new bool[_count], new int[_count], new int[_count]);
        _queue = [.. Enumerable.Range(0, _slots).Select(_ => new List<int>((_count / _slots) + 4))];
        (_done, _lost, _passed) = (new int[_slots], new bool[_slots], new bool[_slots]);
        _wanted = new int[_slots * sharing.Depth];
        _mostExtra = sharing.MaxOverhead * _count;
        Begin();
    }

    /// <inheritdoc/>
    public Span<bool> LostSlots => _lost;

    /// <inheritdoc/>
    public void Begin()
    {
        Array.Clear(_given);
        Array.Clear(_over);
        Array.Clear(_came);
        Array.Clear(_holders);
        Array.Clear(_done);
        (_free, _extra, _withdrawnCount) = (_count, 0, 0);
        foreach (var queue in _queue)
        {
            queue.Clear();
        }

        for (var number = 0; number < _count; number++)
        {
            if (_ownerOf[number] is var owner && owner >= 0)
            {
                _given[At(owner, number)] = Given.Yes;
                if (!_lost[owner])
                {
                    Hold(owner, number);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Came(int row)
    {
        var (slot, number) = (_classes.Table.Rows[row].Worker, _classes.Of(row));
        if (_given[At(slot, number)] == Given.Sent)
        {
            return;
        }

        _done[slot]++;
        _extra += _given[At(slot, number)] == Given.Moved ? 1 : 0;
        _given[At(slot, number)] = Given.Sent;
        Release(slot, number);
        if (_came[number])
        {
            return;
        }

        _came[number] = true;
        _free -= _holders[number] == 0 ? 1 : 0;
        for (var other = 0; other < _slots; other++)
        {
            if (_given[At(other, number)] == Given.Yes)
            {
                _given[At(other, number)] = Given.No;
                Release(other, number);
                Withdraw(other, number);
            }
        }
    }

    /// <inheritdoc/>
    public void Over(int row)
    {
        var (slot, number) = (_classes.Table.Rows[row].Worker, _classes.Of(row));
        _given[At(slot, number)] = Given.No;
        _over[At(slot, number)] = true;
        Release(slot, number);
    }

    /// <inheritdoc/>
    public void Lost(int slot)
    {
        _lost[slot] = true;
        while (_queue[slot].Count > 0)
        {
            Release(slot, _queue[slot][^1]);
        }
    }

    /// <inheritdoc/>
    /// <remarks>A slot that returns begins with all its own rows: those that came, or that others hold now, are withdrawn.</remarks>
    public void Returned(int slot)
    {
        if (!_lost[slot])
        {
            return;
        }

        _lost[slot] = false;
        for (var number = 0; number < _count; number++)
        {
            if (_ownerOf[number] != slot)
            {
                continue;
            }

            _over[At(slot, number)] = false;
            if (!_came[number] && _holders[number] == 0)
            {
                _given[At(slot, number)] = Given.Yes;
                Hold(slot, number);
            }
            else
            {
                _given[At(slot, number)] = _came[number] ? Given.No : Given.Moved;
                Withdraw(slot, number);
            }
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<int> Collect(ArrivedShares shares)
    {
        var count = 0;
        Array.Clear(_passed);
        while (Hungriest() is var slot && slot >= 0)
        {
            if (Choose(slot) is var number && number >= 0)
            {
                _given[At(slot, number)] = Given.Yes;
                Hold(slot, number);
                if (count == _wanted.Length)
                {
                    Array.Resize(ref _wanted, 2 * count);
                }

                _wanted[count++] = _rowOf[At(slot, number)];
            }
            else if (_free > 0)
            {
                // It refused what is left; somebody else may not.
                _passed[slot] = true;
            }
            else
            {
                break;
            }
        }

        return _wanted.AsMemory(0, count);
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<int> TakeWithdrawn()
    {
        var count = _withdrawnCount;
        _withdrawnCount = 0;
        return _withdrawn.AsMemory(0, count);
    }

    private void Withdraw(int slot, int number)
    {
        if (_withdrawnCount == _withdrawn.Length)
        {
            Array.Resize(ref _withdrawn, 2 * _withdrawnCount);
        }

        _withdrawn[_withdrawnCount++] = _rowOf[At(slot, number)];
    }

    private int At(int slot, int number) => (slot * _count) + number;

    private bool CanGive(int slot, int number) => _rowOf[At(slot, number)] >= 0 && !_over[At(slot, number)];

    private double Ends(int slot) => (_queue[slot].Count - 0.5) / (_done[slot] + 0.5);

    private void Hold(int slot, int number)
    {
        _queue[slot].Add(number);
        _free -= _holders[number]++ == 0 && !_came[number] ? 1 : 0;
        _holder[number] = slot;
    }

    private void Release(int slot, int number)
    {
        if (!_queue[slot].Remove(number))
        {
            return;
        }

        _free += --_holders[number] == 0 && !_came[number] ? 1 : 0;
        for (var other = 0; other < _slots && _holder[number] == slot && _holders[number] > 0; other++)
        {
            _holder[number] = _queue[other].Contains(number) ? other : slot;
        }
    }

    // Of the slots with room the one that holds least, of these the fastest.
    private int Hungriest()
    {
        var best = -1;
        for (var slot = 0; slot < _slots; slot++)
        {
            if (_lost[slot] || _passed[slot] || _queue[slot].Count >= _sharing.Depth)
            {
                continue;
            }

            var (held, least) = (_queue[slot].Count, best < 0 ? int.MaxValue : _queue[best].Count);
            best = held < least || (held == least && _done[slot] > _done[best]) ? slot : best;
        }

        return best;
    }

    private int Choose(int slot)
    {
        var number = _free > 0 ? Unheld(slot) : -1;
        number = number < 0 ? Tail(slot) : number;
        return number < 0 && _queue[slot].Count == 0 && _sharing.Duplicate && _extra + 1 <= _mostExtra ? Repeat(slot) : number;
    }

    // From the end where somebody who is only late may compute them from the start.
    private int Unheld(int slot)
    {
        for (var i = 0; i < _count; i++)
        {
            var number = _ownerOf[i] < 0 ? i : _count - 1 - i;
            if (!_came[number] && _holders[number] == 0 && CanGive(slot, number))
            {
                return number;
            }
        }

        return -1;
    }

    private int Tail(int slot)
    {
        // Once the bound is reached the row after the one under way is left alone, too: its slot may have begun it.
        var (best, ends, least) = (-1, (_queue[slot].Count + 1) / (_done[slot] + 0.5), _extra + 1 > _mostExtra ? 3 : 2);
        for (var other = 0; other < _slots; other++)
        {
            var queue = _queue[other];
            if (other != slot && queue.Count >= least && Ends(other) >= ends && _holders[queue[^1]] == 1 && CanGive(slot, queue[^1]))
            {
                (best, ends) = (other, Ends(other));
            }
        }

        if (best < 0)
        {
            return -1;
        }

        var number = _queue[best][^1];
        Release(best, number);
        _given[At(best, number)] = Given.Moved;
        Withdraw(best, number);
        return number;
    }

    private int Repeat(int slot)
    {
        var (best, ends) = (-1, 1 / (_done[slot] + 0.5));
        for (var number = 0; number < _count; number++)
        {
            if (_came[number] || _holders[number] != 1 || _holder[number] == slot || !CanGive(slot, number))
            {
                continue;
            }

            var holder = _holder[number];
            var expected = (_queue[holder].IndexOf(number) + 1) / (_done[holder] + 0.5);
            (best, ends) = expected > ends ? (number, expected) : (best, ends);
        }

        _extra += best < 0 ? 0 : 1;
        return best;
    }
}

namespace Sidestep.Training;

/// <summary>The order in which a slot computes its rows in a round. Allocates nothing after it was made.</summary>
internal sealed class RowQueue
{
    private readonly CodeTable<float> _table;
    private readonly int _slot;
    private readonly int[] _rows;
    private readonly bool[] _queued;
    private int _next;
    private int _end;

    public RowQueue(int slot, CodeTable<float> table)
    {
        (_slot, _table) = (slot, table);
        _rows = new int[table.Rows.Length];
        _queued = new bool[table.Rows.Length];
    }

    /// <summary>Empties the queue and fills it with the slot's rows that are not on request, in table order.</summary>
    public void Begin()
    {
        Array.Clear(_queued);
        _next = _end = 0;
        for (var row = 0; row < _rows.Length; row++)
        {
            if (!_table.Rows[row].OnRequest)
            {
                Request(row);
            }
        }
    }

    /// <summary>Queues a row; rows of other slots, and rows that were queued this round, are ignored.</summary>
    public void Request(int row)
    {
        if ((uint)row < (uint)_rows.Length && _table.Rows[row].Worker == _slot && !_queued[row])
        {
            MakeRoom();
            _queued[row] = true;
            _rows[_end++] = row;
        }
    }

    /// <summary>The row that comes next; −1: none.</summary>
    public int Upcoming => _next < _end ? _rows[_next] : -1;

    /// <summary>Takes a row out, so that it may be requested anew.</summary>
    /// <returns>Whether it was queued and not taken yet.</returns>
    public bool Withdraw(int row)
    {
        if ((uint)row >= (uint)_rows.Length || !_queued[row])
        {
            return false;
        }

        _queued[row] = false;
        var at = Array.IndexOf(_rows, row, _next, _end - _next);
        if (at < 0)
        {
            return false;
        }

        Array.Copy(_rows, at + 1, _rows, at, --_end - at);
        return true;
    }

    /// <summary>Takes the next row; false (and row −1) when there is none.</summary>
    public bool TryTake(out int row)
    {
        row = _next < _end ? _rows[_next++] : -1;
        return row >= 0;
    }

    // Rows that were taken, withdrawn and requested again may fill the array: what is still queued moves to its start.
    private void MakeRoom()
    {
        if (_end == _rows.Length)
        {
            Array.Copy(_rows, _next, _rows, 0, _end - _next);
            (_next, _end) = (0, _end - _next);
        }
    }
}

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
            _queued[row] = true;
            _rows[_end++] = row;
        }
    }

    /// <summary>Takes the next row; false (and row −1) when there is none.</summary>
    public bool TryTake(out int row)
    {
        row = _next < _end ? _rows[_next++] : -1;
        return row >= 0;
    }
}

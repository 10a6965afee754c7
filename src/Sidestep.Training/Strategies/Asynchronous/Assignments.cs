namespace Sidestep.Training;

/// <summary>Which version every slot works on, and which rows of it are still to come, its own and those it was asked for. Pure state.</summary>
internal sealed class Assignments
{
    private readonly CodeTable<float> _table;
    private readonly int[][] _ownRows;
    private readonly bool[] _isOwed;
    private readonly int[] _owed;
    private readonly int[][] _rows;
    private readonly long[] _on;

    public Assignments(CodeTable<float> table)
    {
        _table = table;
        _ownRows = [.. Enumerable.Range(0, table.Workers).Select(slot => Enumerable.Range(0, table.Rows.Length).Where(r => table.Rows[r].Worker == slot && !table.Rows[r].OnRequest).ToArray())];
        _rows = [.. Enumerable.Range(0, table.Workers).Select(slot => Enumerable.Range(0, table.Rows.Length).Where(r => table.Rows[r].Worker == slot).ToArray())];
        Rows = _ownRows.Sum(rows => rows.Length);
        _isOwed = new bool[table.Rows.Length];
        _owed = new int[table.Workers];
        _on = new long[table.Workers];
        Array.Fill(_on, -1);
    }

    /// <summary>Rows that are sent unasked.</summary>
    public int Rows { get; }

    /// <summary>The label a slot was given last; −1: none in this session.</summary>
    public long On(int slot) => _on[slot];

    /// <summary>Whether rows of what it was given last are still to come.</summary>
    public bool IsBusy(int slot) => _owed[slot] > 0;

    /// <summary>A slot is given a version: it owes its rows.</summary>
    public void Give(int slot, long label)
    {
        Lend(slot, label);
        foreach (var row in _ownRows[slot])
        {
            Ask(row);
        }
    }

    /// <summary>A slot is given a version again, of which it owes nothing but what it is asked for.</summary>
    public void Lend(int slot, long label)
    {
        Clear(slot);
        _on[slot] = label;
    }

    /// <summary>A slot is asked for a further row of what it was given last.</summary>
    public void Ask(int row)
    {
        _owed[_table.Rows[row].Worker] += _isOwed[row] ? 0 : 1;
        _isOwed[row] = true;
    }

    /// <summary>The rows a slot sends unasked.</summary>
    public ReadOnlySpan<int> OwnRows(int slot) => _ownRows[slot];

    /// <summary>A slot owes nothing any more, and was given nothing.</summary>
    public void Clear(int slot)
    {
        _on[slot] = -1;
        _owed[slot] = 0;
        foreach (var row in _rows[slot])
        {
            _isOwed[row] = false;
        }
    }

    /// <summary>A row came.</summary>
    /// <returns>Whether it was to come: a row counts once for every time it was asked for.</returns>
    public bool Settle(int row, long label)
    {
        var slot = _table.Rows[row].Worker;
        if (!_isOwed[row] || _on[slot] != label)
        {
            return false;
        }

        _isOwed[row] = false;
        _owed[slot]--;
        return true;
    }
}

namespace Sidestep.Training;

/// <summary>Which version every slot works on, and which of the rows it sends unasked are still to come. Pure state.</summary>
internal sealed class Assignments
{
    private readonly CodeTable<float> _table;
    private readonly int[][] _ownRows;
    private readonly bool[] _isOwed;
    private readonly int[] _owed;
    private readonly long[] _on;

    public Assignments(CodeTable<float> table)
    {
        _table = table;
        _ownRows = [.. Enumerable.Range(0, table.Workers).Select(slot => Enumerable.Range(0, table.Rows.Length).Where(r => table.Rows[r].Worker == slot && !table.Rows[r].OnRequest).ToArray())];
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
        _on[slot] = label;
        _owed[slot] = _ownRows[slot].Length;
        foreach (var row in _ownRows[slot])
        {
            _isOwed[row] = true;
        }
    }

    /// <summary>A slot owes nothing any more, and was given nothing.</summary>
    public void Clear(int slot)
    {
        _on[slot] = -1;
        _owed[slot] = 0;
        foreach (var row in _ownRows[slot])
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

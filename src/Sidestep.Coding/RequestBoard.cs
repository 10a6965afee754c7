namespace Sidestep.Coding;

/// <summary>Who will send what: finds classes that nobody living will send and asks slots that have finished their own rows.</summary>
/// <remarks>
/// Nothing is asked for while what has arrived and what the living owe decodes, and no more than is missing to that.
/// A class is asked for once, until the slot that was asked is itself lost or says that the row will not come. Asks are spread evenly:
/// the idle slot with the fewest asks this round, of these the one with the lowest row. Slots stay lost over rounds until they return.
/// Classes are asked for in their order; for derivative codes, the one first that says most beside what has arrived and is on its way: largest gain of
/// ½ ln det(I + V_F V_Fᵀ/σ²), ties by order, and none that says nothing new.
/// </remarks>
internal sealed class RequestBoard : IRequests
{
    /// <summary>σ² of derivative codes: little, so that a new direction always counts more than a second look at a known one.</summary>
    public const double Noise = 0.01;

    // Gains that differ by less are a tie.
    private const double Tie = 1e-9;

    private readonly RowClasses _classes;
    private readonly bool[] _lost;
    private readonly bool[] _came;
    private readonly bool[] _over;
    private readonly int[] _ownLeft;
    private readonly int[] _asks;
    private readonly int[] _askedRow;
    private readonly int[] _wanted;
    private readonly int[][] _rowsOfSlot;
    private readonly bool _hasRequests;
    private readonly int[][] _ownRowsOf;
    private readonly Func<ulong[], bool>? _decodes;
    private readonly ArrivalInformation? _information;
    private readonly ulong[] _sure;

    /// <summary>Creates it for a table; nobody is lost.</summary>
    /// <param name="classes">The table's classes.</param>
    /// <param name="decodes">Whether a set of classes decodes; not asked for tables that are only added, which need all.</param>
    public RequestBoard(RowClasses classes, Func<ulong[], bool> decodes)
        : this(classes, decodes, information: null)
    {
    }

    /// <summary>Creates it for lines of one data group; nobody is lost.</summary>
    /// <param name="classes">The table's classes; one partition.</param>
    /// <param name="information">Empty; says what a line adds.</param>
    public RequestBoard(RowClasses classes, ArrivalInformation information)
        : this(classes, decodes: null, information)
    {
    }

    private RequestBoard(RowClasses classes, Func<ulong[], bool>? decodes, ArrivalInformation? information)
    {
        (_classes, _decodes, _information) = (classes, decodes, information);
        _sure = new ulong[(classes.Count + 63) / 64];
        _ownRowsOf = [.. classes.RowsOf.Select(rows => rows.Where(r => !classes.Table.Rows[r].OnRequest).ToArray())];
        var table = classes.Table;
        _lost = new bool[table.Workers];
        _ownLeft = new int[table.Workers];
        _asks = new int[table.Workers];
        _came = new bool[table.Rows.Length];
        _over = new bool[table.Rows.Length];
        _askedRow = new int[classes.Count];
        _wanted = new int[classes.Count];
        _rowsOfSlot = new int[table.Workers][];
        for (var slot = 0; slot < table.Workers; slot++)
        {
            _rowsOfSlot[slot] = [.. Enumerable.Range(0, table.Rows.Length).Where(r => table.Rows[r].Worker == slot)];
        }

        _hasRequests = table.Rows.Any(row => row.OnRequest);
        Begin();
    }

    /// <inheritdoc/>
    public Span<bool> LostSlots => _lost;

    /// <inheritdoc/>
    public void Begin()
    {
        Array.Clear(_came);
        Array.Clear(_over);
        Array.Clear(_asks);
        Array.Fill(_askedRow, -1);
        for (var slot = 0; slot < _ownLeft.Length; slot++)
        {
            _ownLeft[slot] = 0;
            foreach (var row in _rowsOfSlot[slot])
            {
                _ownLeft[slot] += IsOwn(row) ? 1 : 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Came(int row)
    {
        if (!_came[row])
        {
            Finish(row);
            _came[row] = true;
        }
    }

    /// <inheritdoc/>
    public void Over(int row)
    {
        if (!_came[row])
        {
            Finish(row);
            _over[row] = true;
        }
    }

    /// <inheritdoc/>
    public void Lost(int slot)
    {
        _lost[slot] = true;
        for (var number = 0; number < _askedRow.Length; number++)
        {
            var row = _askedRow[number];
            if (row >= 0 && _classes.Table.Rows[row].Worker == slot)
            {
                _askedRow[number] = -1;
            }
        }
    }

    /// <inheritdoc/>
    public void Returned(int slot)
    {
        _lost[slot] = false;
        foreach (var row in _rowsOfSlot[slot])
        {
            if (_over[row] && !_came[row])
            {
                _over[row] = false;
                _ownLeft[slot] += IsOwn(row) ? 1 : 0;
            }
        }
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<int> Collect(ArrivedShares shares)
    {
        if (!_hasRequests)
        {
            return default;
        }

        Array.Clear(_sure);
        _information?.Clear();
        var sure = 0;
        for (var number = 0; number < _classes.Count; number++)
        {
            sure += shares.Holds(number) || IsExpected(number) ? Mark(number) : 0;
        }

        var count = 0;
        for (var number = -1; !Suffices(sure) && (number = Next(number)) >= 0;)
        {
            var row = Choose(number);
            _askedRow[number] = row;
            _asks[_classes.Table.Rows[row].Worker]++;
            _wanted[count++] = row;
            sure += Mark(number);
        }

        return _wanted.AsMemory(0, count);
    }

    /// <inheritdoc/>
    /// <remarks>What was asked for is left to be computed: whoever is idle anyway loses nothing.</remarks>
    public ReadOnlyMemory<int> TakeWithdrawn() => default;

    private bool IsSure(int number) => (_sure[number / 64] >> (number % 64) & 1) != 0;

    private int Mark(int number)
    {
        _sure[number / 64] |= 1UL << (number % 64);
        _information?.Add(_classes.Coefficients[number]);
        return 1;
    }

    private bool Suffices(int sure) =>
        sure == _classes.Count || (_information?.IsFull ?? (!_classes.OnlyAdded && _decodes!(_sure)));

    // The class to ask for next, that somebody idle can send; −1: none.
    private int Next(int last)
    {
        var (best, most) = (-1, double.NegativeInfinity);
        for (var number = _information is null ? last + 1 : 0; number < _classes.Count; number++)
        {
            if (IsSure(number) || Choose(number) < 0 || _information?.IsNew(_classes.Coefficients[number]) == false)
            {
                continue;
            }

            if (_information is null)
            {
                return number;
            }

            var gain = _information.Gain(_classes.Coefficients[number]);
            (best, most) = gain > most + Tie ? (number, gain) : (best, most);
        }

        return best;
    }

    private bool IsOwn(int row) => !_classes.Table.Rows[row].OnRequest;

    private void Finish(int row)
    {
        if (!_over[row] && IsOwn(row))
        {
            _ownLeft[_classes.Table.Rows[row].Worker]--;
        }
    }

    private bool IsExpected(int number)
    {
        var asked = _askedRow[number];
        if (asked >= 0 && !_over[asked])
        {
            return true;
        }

        foreach (var row in _ownRowsOf[number])
        {
            if (!_over[row] && !_lost[_classes.Table.Rows[row].Worker])
            {
                return true;
            }
        }

        return false;
    }

    private int Choose(int number)
    {
        var best = -1;
        foreach (var row in _classes.RowsOf[number])
        {
            var slot = _classes.Table.Rows[row].Worker;
            if (IsOwn(row) || _over[row] || _lost[slot] || _ownLeft[slot] > 0)
            {
                continue;
            }

            if (best < 0 || _asks[slot] < _asks[_classes.Table.Rows[best].Worker])
            {
                best = row;
            }
        }

        return best;
    }
}

namespace Sidestep.Coding;

/// <summary>Payloads of one round, one per class: the first replica that arrived is kept, the others are given back at once.</summary>
internal sealed class ArrivedShares
{
    private readonly RowClasses _classes;
    private readonly ShareLease<float>[] _shares;
    private readonly int[] _holders;
    private readonly int[] _lengths;

    /// <summary>Creates it empty.</summary>
    public ArrivedShares(RowClasses classes, BlockLayout layout, ModelShape shape)
    {
        _classes = classes;
        _shares = new ShareLease<float>[classes.Count];
        _holders = new int[classes.Count];
        Array.Fill(_holders, -1);
        _lengths = new int[classes.Count];
        for (var number = 0; number < classes.Count; number++)
        {
            _lengths[number] = LengthOf(classes.RowsOf[number][0], layout, shape);
        }

        Bits = new ulong[(classes.Count + 63) / 64];
    }

    /// <summary>One bit per class that is there.</summary>
    public ulong[] Bits { get; }

    /// <summary>Classes that are there.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a class is there.</summary>
    public bool Holds(int number) => _holders[number] >= 0;

    /// <summary>The row whose payload stands for the class, or −1.</summary>
    public int HolderOf(int number) => _holders[number];

    /// <summary>The payload of a class that is there.</summary>
    public ReadOnlySpan<float> this[int number] => _shares[number].Span;

    /// <summary>Takes a payload.</summary>
    /// <returns>Whether its class is new; if not, the payload was given back.</returns>
    /// <exception cref="MalformedException">It has another length than the row; it was given back.</exception>
    public bool Take(int row, ShareLease<float> share)
    {
        var number = _classes.Of(row);
        var length = share.Span.Length;
        if (length != _lengths[number])
        {
            share.Dispose();
            throw new MalformedException("E_LENGTH", $"the share of row {row} has {length} elements instead of {_lengths[number]}");
        }

        if (Holds(number))
        {
            share.Dispose();
            return false;
        }

        _shares[number] = share;
        _holders[number] = row;
        Bits[number / 64] |= 1UL << (number % 64);
        Count++;
        return true;
    }

    /// <summary>Gives every payload back.</summary>
    public void Clear()
    {
        for (var number = 0; number < _shares.Length; number++)
        {
            if (_holders[number] >= 0)
            {
                _shares[number].Dispose();
                _shares[number] = default;
                _holders[number] = -1;
            }
        }

        Array.Clear(Bits);
        Count = 0;
    }

    private int LengthOf(int row, BlockLayout layout, ModelShape shape)
    {
        var length = 0;
        foreach (var term in _classes.Table.Rows[row].Terms)
        {
            var next = layout.Length(term.Block, shape);
            if (length != 0 && next != length)
            {
                throw new ConfigurationException(
                    $"row {row} mixes blocks of {length} and {next} elements under {layout}; all blocks of a row must have equal length");
            }

            length = next;
        }

        return length;
    }
}

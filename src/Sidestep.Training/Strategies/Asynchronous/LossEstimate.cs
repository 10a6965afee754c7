namespace Sidestep.Training;

/// <summary>The summed loss of all partitions, estimated from the last word of every row: least squares as if all partitions had the same loss. Pure state.</summary>
internal sealed class LossEstimate
{
    private readonly double[] _parts;
    private readonly double[] _last;
    private readonly bool[] _isKnown;

    public LossEstimate(CodeTable<float> table)
    {
        // The part of the whole loss that a row tells: for derivative codes it may be nothing.
        _parts = [.. Enumerable.Range(0, table.Rows.Length).Select(r => PartitionUse.Of(r, table).Sum(u => u.LossWeight) / table.Partitions)];
        _last = new double[_parts.Length];
        _isKnown = new bool[_parts.Length];
    }

    /// <summary>A row's value came.</summary>
    public void Tell(int row, double value)
    {
        _last[row] = value;
        _isKnown[row] = true;
    }

    /// <summary>The estimate; 0 until a row that tells something has come.</summary>
    public double Sum()
    {
        double along = 0, squares = 0;
        for (var row = 0; row < _parts.Length; row++)
        {
            along += _isKnown[row] ? _parts[row] * _last[row] : 0;
            squares += _isKnown[row] ? _parts[row] * _parts[row] : 0;
        }

        return squares > 0 ? along / squares : 0;
    }
}

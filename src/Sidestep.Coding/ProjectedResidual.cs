namespace Sidestep.Coding;

/// <summary>Residual of any table: what is left of the wanted rows after projecting them onto the rows that arrived.</summary>
/// <remarks>Gram–Schmidt with re-orthogonalization, one row at a time: O(cells · rank) per arrival, nothing allocated.</remarks>
internal sealed class ProjectedResidual : IResidual
{
    // The table's weights are floats: directions that are only rounding must not count.
    private const double Dependent = 1e-6;

    private readonly RowClasses _classes;
    private readonly double[][] _basis;
    private readonly double[][] _left;
    private readonly double[] _direction;
    private int _rank;

    /// <summary>Creates it for a table.</summary>
    public ProjectedResidual(RowClasses classes)
    {
        _classes = classes;
        _direction = new double[classes.Cells];
        _basis = [.. Enumerable.Range(0, Math.Min(classes.Cells, classes.Count)).Select(_ => new double[classes.Cells])];
        _left = [.. Enumerable.Range(0, classes.Table.Blocks).Select(_ => new double[classes.Cells])];
        Clear();
    }

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public void Clear()
    {
        _rank = 0;
        for (var block = 0; block < _left.Length; block++)
        {
            Array.Clear(_left[block]);
            Array.Fill(_left[block], 1, block * _classes.Table.Partitions, _classes.Table.Partitions);
        }
    }

    /// <inheritdoc/>
    public void Add(int number)
    {
        var row = _classes.Coefficients[number];
        row.CopyTo(_direction, 0);
        for (var pass = 0; pass < 2; pass++)
        {
            for (var r = 0; r < _rank; r++)
            {
                Remove(_basis[r], _direction);
            }
        }

        var norm = Math.Sqrt(Dot(_direction, _direction));
        if (_rank == _basis.Length || norm <= Dependent * Math.Sqrt(Dot(row, row)))
        {
            return;
        }

        var next = _basis[_rank++];
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = _direction[i] / norm;
        }

        foreach (var left in _left)
        {
            Remove(next, left);
        }
    }

    /// <inheritdoc/>
    public double Squared(int block) => Dot(_left[block], _left[block]);

    private static void Remove(double[] unit, double[] from)
    {
        var along = Dot(unit, from);
        for (var i = 0; i < from.Length; i++)
        {
            from[i] -= along * unit[i];
        }
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}

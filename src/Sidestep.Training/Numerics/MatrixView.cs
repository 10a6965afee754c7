namespace Sidestep.Training;

/// <summary>A matrix that lies row-major in a span, or the transpose of one.</summary>
/// <typeparam name="T">The scalar.</typeparam>
public readonly ref struct MatrixView<T>
{
    /// <summary>Sees a span as a matrix.</summary>
    /// <param name="values">At least rows × columns elements, row-major; further ones are ignored.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <exception cref="ArgumentException">The span is too short, or a size negative.</exception>
    public MatrixView(ReadOnlySpan<T> values, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length < (long)rows * columns)
        {
            throw new ArgumentException($"a {rows} × {columns} matrix needs {(long)rows * columns} elements, there are {values.Length}", nameof(values));
        }

        Values = values;
        Rows = rows;
        Columns = columns;
    }

    /// <summary>The elements as they lie in memory.</summary>
    public ReadOnlySpan<T> Values { get; }

    /// <summary>Rows of the matrix seen.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix seen.</summary>
    public int Columns { get; }

    /// <summary>Whether the memory holds the transpose of what is seen.</summary>
    public bool IsTransposed { get; private init; }

    /// <summary>The transpose, over the same memory.</summary>
    public MatrixView<T> Transposed => new(Values, Columns, Rows) { IsTransposed = !IsTransposed };

    /// <summary>Distance in memory between neighbours in a column.</summary>
    internal int RowStep => IsTransposed ? 1 : Columns;

    /// <summary>Distance in memory between neighbours in a row.</summary>
    internal int ColumnStep => IsTransposed ? Rows : 1;
}

using System.Numerics;

namespace Sidestep;

/// <summary>A tensor, seen as a matrix of first axis × all others, cut into equal parts: along its rows, its columns, or both.</summary>
/// <remarks>Part r·<see cref="ColumnParts"/> + c is the r-th part of the rows and the c-th of the columns. What a part lacks is padding: zeros, that never
/// reach the tensor.</remarks>
/// <param name="Rows">Length of the first axis.</param>
/// <param name="Columns">Elements of one slice along it.</param>
/// <param name="RowParts">Parts of the rows, at least 1.</param>
/// <param name="ColumnParts">Parts of the columns, at least 1.</param>
public readonly record struct TensorCut(int Rows, int Columns, int RowParts, int ColumnParts)
{
    /// <summary>Number of parts.</summary>
    public int Parts => RowParts * ColumnParts;

    /// <summary>Rows of a part, padded.</summary>
    public int PartRows => ((Rows - 1) / RowParts) + 1;

    /// <summary>Columns of a part, padded.</summary>
    public int PartColumns => ((Columns - 1) / ColumnParts) + 1;

    /// <summary>Elements of a part, padded.</summary>
    public int PartLength => PartRows * PartColumns;

    /// <summary>Cuts a tensor; a vector, which has no columns to speak of, is cut into all parts along its only axis.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="rowParts">Parts of the rows.</param>
    /// <param name="columnParts">Parts of the columns.</param>
    public static TensorCut Of(TensorShape tensor, int rowParts, int columnParts)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (rows, columns) = (tensor.Dimensions[0], tensor.Stride);
        return columns == 1 ? new TensorCut(rows, 1, rowParts * columnParts, 1) : new TensorCut(rows, columns, rowParts, columnParts);
    }

    /// <summary>Adds weight × a part of a tensor to a padded part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="tensor">The tensor, row-major.</param>
    /// <param name="weight">The multiplier.</param>
    /// <param name="destination">At least <see cref="PartLength"/> elements, row-major; added to.</param>
    public void Gather<T>(int part, ReadOnlySpan<T> tensor, T weight, Span<T> destination)
        where T : unmanaged, INumberBase<T>
    {
        var (firstRow, rows, firstColumn, columns) = Range(part);
        if (ColumnParts == 1)
        {
            BlockKernels.AddScaled(tensor.Slice(firstRow * Columns, rows * Columns), weight, destination);
            return;
        }

        for (var r = 0; r < rows; r++)
        {
            BlockKernels.AddScaled(tensor.Slice(((firstRow + r) * Columns) + firstColumn, columns), weight, destination[(r * PartColumns)..]);
        }
    }

    /// <summary>Writes a padded part into a tensor; padding is dropped.</summary>
    /// <param name="part">The part.</param>
    /// <param name="values">At least <see cref="PartLength"/> elements, row-major.</param>
    /// <param name="tensor">The tensor, row-major; only this part of it is written.</param>
    public void Scatter<T>(int part, ReadOnlySpan<T> values, Span<T> tensor)
        where T : unmanaged, INumberBase<T>
    {
        var (firstRow, rows, firstColumn, columns) = Range(part);
        for (var r = 0; r < rows; r++)
        {
            values.Slice(r * PartColumns, columns).CopyTo(tensor[(((firstRow + r) * Columns) + firstColumn)..]);
        }
    }

    private (int FirstRow, int Rows, int FirstColumn, int Columns) Range(int part)
    {
        var row = Math.Min(Rows, part / ColumnParts * PartRows);
        var column = Math.Min(Columns, part % ColumnParts * PartColumns);
        return (row, Math.Min(PartRows, Rows - row), column, Math.Min(PartColumns, Columns - column));
    }
}

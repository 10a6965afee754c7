using System.Globalization;
using System.Text;

namespace Sidestep.Coding;

/// <summary>A table seen by a decoder: rows with the same terms in the same order carry the same bytes and form one class.</summary>
/// <remarks>Classes are numbered by their first row. A cell is a pair (partition, block); a class is a row of coefficients over cells.</remarks>
internal sealed class RowClasses
{
    private readonly int[] _classOfRow;

    /// <summary>Groups the rows.</summary>
    /// <exception cref="ConfigurationException">An index or a weight of the table is not valid.</exception>
    public RowClasses(CodeTable<float> table)
    {
        TableCheck.Sound(table);
        Table = table;
        _classOfRow = new int[table.Rows.Length];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var rows = new List<List<int>>();
        for (var r = 0; r < table.Rows.Length; r++)
        {
            var key = Key(table.Rows[r]);
            if (!numbers.TryGetValue(key, out var number))
            {
                numbers.Add(key, number = rows.Count);
                rows.Add([]);
            }

            _classOfRow[r] = number;
            rows[number].Add(r);
        }

        RowsOf = [.. rows.Select(list => list.ToArray())];
        Coefficients = [.. RowsOf.Select(members => Dense(table.Rows[members[0]]))];
        Sizes = [.. Coefficients.Select(row => row.Count(c => c != 0))];
        BlockOf = new int[Count];
        OnlyAdded = FindDisjoint();
    }

    /// <summary>The table.</summary>
    public CodeTable<float> Table { get; }

    /// <summary>Number of classes.</summary>
    public int Count => RowsOf.Length;

    /// <summary>Number of cells: partitions × blocks; cell = block · partitions + partition.</summary>
    public int Cells => Table.Partitions * Table.Blocks;

    /// <summary>Rows of every class, ascending.</summary>
    public int[][] RowsOf { get; }

    /// <summary>Coefficients of every class over cells.</summary>
    public double[][] Coefficients { get; }

    /// <summary>Whether all coefficients are 0 or 1 and classes are disjoint, each within one block: decoding is adding.</summary>
    public bool OnlyAdded { get; }

    /// <summary>The block of every class; meaningful for tables that are only added.</summary>
    public int[] BlockOf { get; }

    /// <summary>Number of cells every class covers.</summary>
    public int[] Sizes { get; }

    /// <summary>The class of a row.</summary>
    public int Of(int row) => _classOfRow[row];

    private string Key(Row<float> row)
    {
        var key = new StringBuilder();
        foreach (var term in row.Terms)
        {
            foreach (var (partition, weight) in Table.Items[term.Item].Mix)
            {
                key.Append(CultureInfo.InvariantCulture, $"{partition},{term.Block},");
                key.Append(CultureInfo.InvariantCulture, $"{BitConverter.SingleToUInt32Bits(term.Weight):x},");
                key.Append(CultureInfo.InvariantCulture, $"{BitConverter.SingleToUInt32Bits(weight):x};");
            }

            key.Append('/');
        }

        return key.ToString();
    }

    private double[] Dense(Row<float> row)
    {
        var coefficients = new double[Cells];
        foreach (var term in row.Terms)
        {
            foreach (var (partition, weight) in Table.Items[term.Item].Mix)
            {
                coefficients[(term.Block * Table.Partitions) + partition] += (double)term.Weight * weight;
            }
        }

        return coefficients;
    }

    private bool FindDisjoint()
    {
        var taken = new bool[Cells];
        for (var number = 0; number < Count; number++)
        {
            var block = -1;
            for (var cell = 0; cell < Cells; cell++)
            {
                var coefficient = Coefficients[number][cell];
                if (coefficient == 0)
                {
                    continue;
                }

                var blockOfCell = cell / Table.Partitions;
                if (coefficient != 1 || taken[cell] || (block >= 0 && block != blockOfCell))
                {
                    return false;
                }

                taken[cell] = true;
                block = blockOfCell;
            }

            BlockOf[number] = Math.Max(0, block);
        }

        return true;
    }
}

using System.Globalization;

namespace Sidestep.Coding;

/// <summary>Refuses tables whose numbers do not fit together.</summary>
internal static class TableCheck
{
    /// <summary>Checks every index and weight.</summary>
    /// <exception cref="ConfigurationException">The first that is not valid.</exception>
    public static void Sound(CodeTable<float> table)
    {
        if (table.Workers < 1 || table.Partitions < 1 || table.Blocks < 1)
        {
            throw Bad($"has {table.Workers} workers, {table.Partitions} partitions and {table.Blocks} blocks; each must be at least 1");
        }

        for (var i = 0; i < table.Items.Length; i++)
        {
            foreach (var (partition, weight) in table.Items[i].Mix)
            {
                Within(partition, table.Partitions, $"item {i}", "partition");
                Finite(weight, $"item {i}");
            }
        }

        for (var r = 0; r < table.Rows.Length; r++)
        {
            CheckRow(table, r);
        }
    }

    private static void CheckRow(CodeTable<float> table, int number)
    {
        var row = table.Rows[number];
        var name = $"row {number}";
        Within(row.Worker, table.Workers, name, "worker");
        foreach (var term in row.Terms)
        {
            Within(term.Item, table.Items.Length, name, "item");
            Within(term.Block, table.Blocks, name, "block");
            Finite(term.Weight, name);
            if (table.Items[term.Item].Worker != row.Worker)
            {
                throw Bad($"{name} of worker {row.Worker} uses item {term.Item}, which worker {table.Items[term.Item].Worker} stores");
            }
        }
    }

    private static void Within(int index, int count, string where, string what)
    {
        if (index < 0 || index >= count)
        {
            throw Bad($"{where} names {what} {index}; there are {count}, numbered from 0");
        }
    }

    private static void Finite(float weight, string where)
    {
        if (!float.IsFinite(weight))
        {
            throw Bad($"{where} has the weight {weight.ToString(CultureInfo.InvariantCulture)}; weights must be finite");
        }
    }

    private static ConfigurationException Bad(string what) => new($"the code table is not sound: {what}");
}

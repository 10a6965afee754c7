namespace Sidestep.Training;

/// <summary>What a source keeps for all its slots: the number of samples, and the plan of the table in use.</summary>
internal sealed class SourcePlans
{
    private readonly IBatchPlan _batches;
    private readonly bool _plainSumsShare;
    private RowPlan? _last;

    public SourcePlans(IBatchPlan batches, bool plainSumsShare)
    {
        (_batches, _plainSumsShare) = (batches, plainSumsShare);
        for (var partition = 0; partition < batches.Partitions; partition++)
        {
            Samples += batches.Size(partition);
        }
    }

    /// <summary>Samples of a round.</summary>
    public long Samples { get; }

    /// <summary>The plan of a table. Slots share one table, so the last is kept; a race makes two equal plans.</summary>
    /// <exception cref="ConfigurationException">The table has another number of partitions than the batches.</exception>
    public RowPlan Of(CodeTable<float> table)
    {
        var plan = Volatile.Read(ref _last);
        if (plan is null || !ReferenceEquals(plan.Table, table))
        {
            if (table.Partitions != _batches.Partitions)
            {
                throw new ConfigurationException(
                    $"the code has {table.Partitions} partitions, the batches are planned over {_batches.Partitions}; plan them over {table.Partitions}");
            }

            plan = new RowPlan(table, _plainSumsShare);
            Volatile.Write(ref _last, plan);
        }

        return plan;
    }
}

namespace Sidestep.Training;

/// <summary>Payload lengths of a table's rows, in elements.</summary>
internal static class RowLengths
{
    public static int[] Of(RunPlan plan)
    {
        var lengths = new int[plan.Code.Table.Rows.Length];
        for (var row = 0; row < lengths.Length; row++)
        {
            lengths[row] = plan.Layout.Length(plan.Code.Table.Rows[row].Terms[0].Block, plan.Shape);
        }

        return lengths;
    }
}

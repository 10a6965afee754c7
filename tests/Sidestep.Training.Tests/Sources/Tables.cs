namespace Sidestep.Training.Tests.Sources;

/// <summary>Small tables. Every worker stores every partition as one item, unless told otherwise.</summary>
internal static class Tables
{
    public static CodeTable<float> Of(int workers, int partitions, int blocks, params (int Worker, bool OnRequest, (int Partition, int Block, float Weight)[] Terms)[] rows) => new(
        workers,
        partitions,
        blocks,
        [.. from w in Enumerable.Range(0, workers) from p in Enumerable.Range(0, partitions) select new Item<float>(w, [(p, 1f)])],
        [.. rows.Select(r => new Row<float>(
            r.Worker,
            [.. r.Terms.Select(t => new Term<float>((r.Worker * partitions) + t.Partition, t.Block, t.Weight))],
            r.OnRequest))]);

    /// <summary>All a slot has to send, by row.</summary>
    public static Dictionary<int, (float[] Share, double Loss)> Run(
        IShareWork<float> work, CodeTable<float> table, BlockLayout layout, ModelShape shape, long round, float[] model, params int[] asked)
    {
        work.Begin(round, model);
        foreach (var row in asked)
        {
            work.Request(row);
        }

        var shares = new Dictionary<int, (float[], double)>();
        while (work.Next(out var row, default))
        {
            var share = new float[layout.Length(table.Rows[row].Terms[0].Block, shape)];
            Array.Fill(share, 9f);
            shares.Add(row, (share, work.Write(row, share)));
        }

        return shares;
    }

    /// <summary>The share and its loss by definition: gather of finished partition gradients, in double.</summary>
    public static (double[] Share, double Loss) Expected(
        int row, CodeTable<float> table, BlockLayout layout, IObjective objective, Batch[] partitions, IBatchPlan batches, long round, float[] model)
    {
        var share = new double[layout.Length(table.Rows[row].Terms[0].Block, objective.Shape)];
        double loss = 0;
        foreach (var term in table.Rows[row].Terms)
        {
            foreach (var (partition, weight) in table.Items[term.Item].Mix)
            {
                var batch = Read(partitions, batches, round, partition);
                var gradient = new float[objective.Shape.Length];
                loss += term.Weight * weight * objective.Gradient(batch, model, gradient, default);
                layout.Gather(term.Block, objective.Shape, Objectives.Samples.Wide(gradient), (double)(term.Weight * weight), share.AsSpan());
            }
        }

        return (share, loss);
    }

    public static Batch Read(Batch[] partitions, IBatchPlan batches, long round, int partition)
    {
        var numbers = new long[batches.Size(partition)];
        batches.Rows(round, partition, numbers);
        return new ArrayRows(partitions).ReadAsync(partition, numbers, default).AsTask().Result;
    }
}

using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A table of derivative rows as computations inside back-propagation, and what each costs.</summary>
internal sealed class NetworkPlan
{
    public NetworkPlan(RowPlan rows, TensorLayout layout, ILayered objective)
    {
        Rows = rows;
        Codings = [.. Enumerable.Range(0, rows.Uses.Length).Select(r => RowCoding.Of(r, rows, layout, objective))];
        var costs = new StageCosts(objective);
        Costs = [.. Enumerable.Range(0, Codings.Length).Select(r => (long)Math.Round(Work.PerPartition * Cost(r, costs)))];
    }

    /// <summary>What each row takes.</summary>
    public RowPlan Rows { get; }

    /// <summary>How each row is computed.</summary>
    public ImmutableArray<RowCoding> Codings { get; }

    /// <summary>Cost of each row, in millionths of a partition gradient.</summary>
    public ImmutableArray<long> Costs { get; }

    // In partition gradients.
    private double Cost(int row, StageCosts costs)
    {
        double cost = 0;
        var coding = Codings[row];
        for (var u = 0; u < coding.Uses.Length; u++)
        {
            var reached = Reached(row, coding.Uses[u].Partition);
            cost += costs.Passes(reached, coding.LastStage);
            foreach (var part in coding.Parts)
            {
                cost += part.Products.IsEmpty ? 0 : costs.Gradient(part.Tensor) * part.Products[u].Length / part.Cut.Parts;
            }
        }

        return cost;
    }

    // The stage that earlier rows of the slot have brought a partition's pass to; −1: none was begun. Rows on request come after all others.
    private int Reached(int row, int partition)
    {
        var (reached, table) = (-1, Rows.Table.Rows);
        for (var r = 0; r < table.Length; r++)
        {
            if (r != row && table[r].Worker == table[row].Worker && !table[r].OnRequest && (r < row || table[row].OnRequest)
                && Codings[r].Uses.Any(u => u.Partition == partition))
            {
                reached = Math.Max(reached, Codings[r].LastStage);
            }
        }

        return reached;
    }

    /// <summary>A partition gradient's three equal parts (forward pass, δ, weight gradients), shared among stages by their products.</summary>
    private sealed class StageCosts
    {
        private readonly double[] _stages;
        private readonly double[] _tensors;

        public StageCosts(ILayered objective)
        {
            _stages = [.. objective.Stages.Select((_, stage) => (double)objective.Products(stage))];
            var total = Math.Max(1, _stages.Sum());
            _tensors = new double[objective.Shape.Tensors.Length];
            for (var stage = 0; stage < _stages.Length; stage++)
            {
                _stages[stage] /= 3 * total;
                var weights = objective.Stages[stage].Where(t => objective.IsWeight[t]).ToArray();
                double elements = weights.Sum(t => (long)objective.Shape.Tensors[t].Length);
                foreach (var tensor in weights)
                {
                    _tensors[tensor] = _stages[stage] * objective.Shape.Tensors[tensor].Length / elements;
                }
            }
        }

        public double Gradient(int tensor) => _tensors[tensor];

        /// <summary>The forward pass, if none was begun, and δ of the stages from one to another.</summary>
        public double Passes(int reached, int last)
        {
            var cost = reached < 0 ? 1.0 / 3 : 0;
            for (var stage = reached + 1; stage <= last; stage++)
            {
                cost += _stages[stage];
            }

            return cost;
        }
    }
}

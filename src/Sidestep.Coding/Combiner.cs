namespace Sidestep.Coding;

/// <summary>Turns arrived shares into blocks with planned weights: one pass over memory, always in class order.</summary>
internal sealed class Combiner
{
    private readonly RowClasses _classes;
    private readonly ArrivedShares _shares;
    private readonly BlockLayout _layout;
    private readonly ModelShape _shape;
    private readonly bool _rescale;
    private readonly bool _direct;
    private readonly PlanCache _plans;
    private readonly int[] _order;
    private readonly float[] _weights;
    private readonly float[] _block;
    private float[] _prior = [];
    private bool _hasPrior;

    /// <summary>Creates it.</summary>
    /// <param name="classes">The table's classes.</param>
    /// <param name="shares">What has arrived.</param>
    /// <param name="layout">What a block is.</param>
    /// <param name="shape">The model.</param>
    /// <param name="rescale">For tables that are only added: scale the sum of what arrived up to all partitions.</param>
    public Combiner(RowClasses classes, ArrivedShares shares, BlockLayout layout, ModelShape shape, bool rescale)
    {
        _classes = classes;
        _shares = shares;
        _layout = layout;
        _shape = shape;
        _rescale = rescale;
        _direct = classes.Table.Blocks == 1 && layout.Equals(BlockLayout.Whole);
        _plans = new PlanCache(classes);
        _order = new int[classes.Count];
        _weights = new float[classes.Count];
        var longest = 0;
        for (var block = 0; block < classes.Table.Blocks && !_direct; block++)
        {
            longest = Math.Max(longest, layout.Length(block, shape));
        }

        _block = new float[longest];
    }

    /// <summary>The plan for what has arrived.</summary>
    public ClassPlan Plan => _plans.For(_shares.Bits);

    /// <summary>Whether a set of classes, one bit each, gives every block exactly; not for tables that are only added.</summary>
    public bool Decodes(ulong[] classes)
    {
        var plan = _plans.For(classes);
        for (var block = 0; block < _classes.Table.Blocks; block++)
        {
            if (!plan.IsExact(block))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Side information for what will not decode; empty: zero.</summary>
    public void SetPrior(ReadOnlySpan<float> prior)
    {
        _hasPrior = !prior.IsEmpty;
        if (!_hasPrior)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(prior.Length, _shape.Length, nameof(prior));
        if (_prior.Length == 0)
        {
            _prior = new float[prior.Length];
        }

        prior.CopyTo(_prior);
    }

    /// <summary>Writes one block of the full vector.</summary>
    public void Write(int block, Span<float> target)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(target.Length, _shape.Length, nameof(target));
        var count = Choose(block);
        var destination = _direct ? target : _block.AsSpan(0, _layout.Length(block, _shape));
        WeightedSum.Combine(new Chosen(_shares, _order, count), _weights.AsSpan(0, count), destination);
        if (_hasPrior)
        {
            AddPrior(block, destination);
        }

        if (!_direct)
        {
            _layout.Scatter<float>(block, _shape, destination, target);
        }
    }

    /// <summary>Σ weight of block 0 × value of the row that stands for the class.</summary>
    public double Estimate(ReadOnlySpan<double> valueOfRow)
    {
        var count = Choose(0);
        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += _weights[i] * valueOfRow[_shares.HolderOf(_order[i])];
        }

        return sum;
    }

    /// <summary>Whether a class takes part.</summary>
    public bool Uses(int number) => _shares.Holds(number) && (_classes.OnlyAdded || Plan.Uses(number));

    // Fills order and weights with the classes that take part in a block.
    private int Choose(int block)
    {
        var count = 0;
        if (_classes.OnlyAdded)
        {
            var weight = (float)Factor(block, out _);
            for (var number = 0; number < _classes.Count; number++)
            {
                if (_shares.Holds(number) && _classes.BlockOf[number] == block)
                {
                    _order[count] = number;
                    _weights[count++] = weight;
                }
            }

            return count;
        }

        var plan = Plan;
        var weights = plan.Weights[block];
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] != 0)
            {
                _order[count] = plan.Classes[i];
                _weights[count++] = weights[i];
            }
        }

        return count;
    }

    private double Factor(int block, out double gap)
    {
        var covered = 0;
        for (var number = 0; number < _classes.Count; number++)
        {
            covered += _shares.Holds(number) && _classes.BlockOf[number] == block ? _classes.Sizes[number] : 0;
        }

        double partitions = _classes.Table.Partitions;
        var factor = _rescale && covered > 0 ? partitions / covered : 1;
        gap = 1 - (factor * covered / partitions);
        return factor;
    }

    // A missing partition is taken to be an even part of the prior.
    private void AddPrior(int block, Span<float> destination)
    {
        if (_classes.OnlyAdded)
        {
            Factor(block, out var gap);
            AddPrior(block, gap, destination);
            return;
        }

        var plan = Plan;
        for (var other = 0; other < _classes.Table.Blocks && !plan.IsExact(block); other++)
        {
            AddPrior(other, plan.Gaps[block, other], destination);
        }
    }

    private void AddPrior(int block, double gap, Span<float> destination)
    {
        if (Math.Abs(gap) > 1e-12)
        {
            _layout.Gather<float>(block, _shape, _prior, (float)gap, destination);
        }
    }

    private readonly struct Chosen(ArrivedShares shares, int[] order, int count) : IVectors
    {
        public int Count => count;

        public ReadOnlySpan<float> this[int index] => shares[order[index]];
    }
}

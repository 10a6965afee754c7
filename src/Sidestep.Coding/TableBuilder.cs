using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>Writes tables of codes whose workers store plain partitions: an item for each partition of a worker, a row for each message.</summary>
/// <param name="workers">Number of slots (n).</param>
/// <param name="partitions">Number of partitions (k).</param>
/// <param name="blocks">Number of coordinate blocks (m).</param>
internal sealed class TableBuilder(int workers, int partitions, int blocks)
{
    private readonly ImmutableArray<Item<float>>.Builder _items = ImmutableArray.CreateBuilder<Item<float>>();
    private readonly ImmutableArray<Row<float>>.Builder _rows = ImmutableArray.CreateBuilder<Row<float>>();
    private readonly Dictionary<(int Worker, int Partition), int> _itemOf = [];

    /// <summary>Adds a message; terms with weight 0 are left out.</summary>
    /// <param name="worker">Who sends it.</param>
    /// <param name="terms">What it is the sum of.</param>
    public void Add(int worker, IEnumerable<(int Partition, int Block, float Weight)> terms) => _rows.Add(new Row<float>(
        worker, [.. terms.Where(t => t.Weight != 0).Select(t => new Term<float>(ItemOf(worker, t.Partition), t.Block, t.Weight))]));

    /// <summary>Adds a message with complex weights as two with real ones, each as long as one of two blocks: the first block is the real part of the
    /// gradient, the second its imaginary part, so that everything stays linear over the complex numbers and the bytes stay the same.</summary>
    /// <param name="worker">Who sends it.</param>
    /// <param name="terms">What it is the sum of.</param>
    public void AddComplex(int worker, IReadOnlyList<(int Partition, System.Numerics.Complex Weight)> terms)
    {
        Add(worker, terms.SelectMany(t => ((int, int, float)[])[(t.Partition, 0, (float)t.Weight.Real), (t.Partition, 1, (float)-t.Weight.Imaginary)]));
        Add(worker, terms.SelectMany(t => ((int, int, float)[])[(t.Partition, 0, (float)t.Weight.Imaginary), (t.Partition, 1, (float)t.Weight.Real)]));
    }

    /// <summary>The table.</summary>
    public CodeTable<float> Build() => new(workers, partitions, blocks, _items.ToImmutable(), _rows.ToImmutable());

    private int ItemOf(int worker, int partition)
    {
        if (!_itemOf.TryGetValue((worker, partition), out var item))
        {
            _itemOf.Add((worker, partition), item = _items.Count);
            _items.Add(new Item<float>(worker, [(partition, 1f)]));
        }

        return item;
    }
}

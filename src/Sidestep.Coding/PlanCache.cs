namespace Sidestep.Coding;

/// <summary>The plans of the last arrival sets; patterns of stragglers repeat. A hit allocates nothing.</summary>
internal sealed class PlanCache(RowClasses classes, int capacity = PlanCache.DefaultCapacity)
{
    /// <summary>Plans kept.</summary>
    public const int DefaultCapacity = 512;

    private readonly Dictionary<ulong[], LinkedListNode<Entry>> _entries = new(new SameBits());
    private readonly LinkedList<Entry> _recent = new();

    /// <summary>Plans in the cache.</summary>
    public int Count => _entries.Count;

    /// <summary>The plan for a set of classes; made if it is not there.</summary>
    /// <param name="bits">One bit per class; only read.</param>
    public ClassPlan For(ulong[] bits)
    {
        if (_entries.TryGetValue(bits, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return node.Value.Plan;
        }

        if (_entries.Count >= capacity)
        {
            _entries.Remove(_recent.Last!.Value.Bits);
            _recent.RemoveLast();
        }

        var entry = new Entry([.. bits], new ClassPlan(classes, bits));
        _entries.Add(entry.Bits, _recent.AddFirst(entry));
        return entry.Plan;
    }

    private sealed record Entry(ulong[] Bits, ClassPlan Plan);

    private sealed class SameBits : IEqualityComparer<ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] bits)
        {
            ulong hash = 0x9E3779B97F4A7C15;
            foreach (var word in bits)
            {
                hash = (hash ^ word) * 0xD6E8FEB86659FD93;
                hash ^= hash >> 32;
            }

            return (int)hash;
        }
    }
}

namespace Sidestep.Coding;

/// <summary>Solves equations with at most two unknown blocks one at a time: affine union–find (decoder D3).</summary>
/// <remarks>
/// Every block is x = A · root + B with a scalar A and a vector B. An equation between two components merges them; one within a component solves
/// its root (an unbalanced cycle of the signed graph) or says nothing new (a balanced one). The smaller component is rewritten, so that a block is
/// rewritten at most log₂K times: O(length · K · log K) per round in total. A known block has A = 0. With length 0 it only finds out what is known.
/// Source: iterative decoding of low-weight derivative codes, Soto, Ilmer, Guan, Li, ICML 2022 (our reconstruction).
/// </remarks>
internal sealed class AffineForest
{
    // Weights are floats of equal magnitude: sums that should cancel leave at most a few units in the last place.
    private const double Cancelled = 1e-5;

    private readonly int[] _root;
    private readonly int[] _size;
    private readonly double[] _factor;
    private readonly float[][] _offset;
    private readonly bool[] _zero;
    private readonly float[] _rest;

    /// <summary>Creates it with nothing known.</summary>
    /// <param name="blocks">Number of blocks (K).</param>
    /// <param name="length">Elements of a block.</param>
    public AffineForest(int blocks, int length)
    {
        _root = new int[blocks];
        _size = new int[blocks];
        _factor = new double[blocks];
        _offset = [.. Enumerable.Range(0, blocks).Select(_ => new float[length])];
        _zero = new bool[blocks];
        _rest = new float[length];
        Clear();
    }

    /// <summary>Number of independent equations so far.</summary>
    public int Rank { get; private set; }

    /// <summary>Whether a block is known.</summary>
    public bool IsKnown(int block) => _factor[block] == 0;

    /// <summary>The value of a known block.</summary>
    public ReadOnlySpan<float> this[int block] => _offset[block];

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Rank = 0;
        Array.Fill(_size, 1);
        Array.Fill(_factor, 1);
        Array.Fill(_zero, true);
        for (var block = 0; block < _root.Length; block++)
        {
            _root[block] = block;
            _offset[block].AsSpan().Clear();
        }
    }

    /// <summary>Takes the equation first·x_u + second·x_v = value; for one unknown, v = u and second = 0.</summary>
    /// <returns>Whether it said something new.</returns>
    public bool Add(int u, double first, int v, double second, ReadOnlySpan<float> value)
    {
        if (_root[u] == _root[v])
        {
            return Close(u, first, v, second, value);
        }

        // Rewrite v's component; a known component is never rewritten.
        if (IsKnown(v) || (!IsKnown(u) && _size[_root[u]] < _size[_root[v]]))
        {
            (u, first, v, second) = (v, second, u, first);
        }

        if (IsKnown(v))
        {
            return false;
        }

        Rest(u, first, v, second, value);
        var slope = second * _factor[v];
        Rewrite(_root[v], _root[u], -first * _factor[u] / slope, 1 / slope);
        Rank++;
        return true;
    }

    private bool Close(int u, double first, int v, double second, ReadOnlySpan<float> value)
    {
        double left = first * _factor[u], right = second * _factor[v];
        if (Math.Abs(left + right) <= Cancelled * (Math.Abs(left) + Math.Abs(right)))
        {
            return false;
        }

        Rest(u, first, v, second, value);
        Rewrite(_root[u], _root[u], 0, 1 / (left + right));
        Rank++;
        return true;
    }

    // rest = value − first·B_u − second·B_v
    private void Rest(int u, double first, int v, double second, ReadOnlySpan<float> value)
    {
        value.CopyTo(_rest);
        if (!_zero[u])
        {
            Axpy.Add<float>((float)-first, _offset[u], _rest);
        }

        if (second != 0 && !_zero[v])
        {
            Axpy.Add<float>((float)-second, _offset[v], _rest);
        }
    }

    // The component's root becomes slope · (new root) + scale · rest.
    private void Rewrite(int component, int root, double slope, double scale)
    {
        for (var block = 0; block < _root.Length; block++)
        {
            if (_root[block] != component)
            {
                continue;
            }

            var weight = (float)(_factor[block] * scale);
            if (_zero[block])
            {
                Scale.Into(weight, _rest, _offset[block]);
            }
            else
            {
                Axpy.Add<float>(weight, _rest, _offset[block]);
            }

            _zero[block] = false;
            _factor[block] *= slope;
            _root[block] = root;
        }

        if (component != root)
        {
            _size[root] += _size[component];
        }
    }
}

namespace Sidestep.Coding;

/// <summary>What a growing set of lines says about the blocks: its rank, ½ ln det(I + V_F V_Fᵀ/σ²), and what one more line would add to that.</summary>
/// <remarks>
/// Blocks are modelled as isotropic Gaussians of variance 1, seen through noise of variance σ². With little noise a new direction always counts more than
/// another look at known ones. The inverse of σ²I + Σ v vᵀ is kept by the formula of Sherman and Morrison: O(K²) per line, nothing allocated after it was made.
/// Source: D-optimal design; the information of codewords in Soto, Ilmer, Guan, Li, ICML 2022 (our reconstruction).
/// </remarks>
internal sealed class ArrivalInformation
{
    // Directions that are only rounding of the table's floats must not count.
    private const double Dependent = 1e-6;

    private readonly int _blocks;
    private readonly double _variance;
    private readonly double[][] _inverse;
    private readonly double[][] _basis;
    private readonly double[] _image;
    private readonly double[] _rest;

    /// <param name="blocks">K.</param>
    /// <param name="variance">σ², positive.</param>
    public ArrivalInformation(int blocks, double variance)
    {
        (_blocks, _variance) = (blocks, variance);
        _inverse = [.. Enumerable.Range(0, blocks).Select(_ => new double[blocks])];
        _basis = [.. Enumerable.Range(0, blocks).Select(_ => new double[blocks])];
        (_image, _rest) = (new double[blocks], new double[blocks]);
        Clear();
    }

    /// <summary>Number of independent lines.</summary>
    public int Rank { get; private set; }

    /// <summary>Whether the lines give every block.</summary>
    public bool IsFull => Rank == _blocks;

    /// <summary>½ ln det(I + V_F V_Fᵀ/σ²), in nats.</summary>
    public double Total { get; private set; }

    /// <summary>Forgets all lines.</summary>
    public void Clear()
    {
        (Rank, Total) = (0, 0);
        for (var b = 0; b < _blocks; b++)
        {
            Array.Clear(_inverse[b]);
            _inverse[b][b] = 1 / _variance;
        }
    }

    /// <summary>What <see cref="Total"/> would grow by.</summary>
    public double Gain(ReadOnlySpan<double> line) => 0.5 * Portable.Log(1 + Spread(line));

    /// <summary>Whether a line is not in the span of those that are there.</summary>
    public bool IsNew(ReadOnlySpan<double> line) => !IsFull && Rest(line) > Dependent * Math.Sqrt(LineSet.Dot(line, line));

    /// <summary>Adds a line.</summary>
    public void Add(ReadOnlySpan<double> line)
    {
        if (IsNew(line))
        {
            var next = _basis[Rank++];
            var length = Math.Sqrt(LineSet.Dot(_rest, _rest));
            for (var b = 0; b < _blocks; b++)
            {
                next[b] = _rest[b] / length;
            }
        }

        var spread = Spread(line);
        Total += 0.5 * Portable.Log(1 + spread);
        for (var a = 0; a < _blocks; a++)
        {
            for (var b = 0; b < _blocks; b++)
            {
                _inverse[a][b] -= _image[a] * _image[b] / (1 + spread);
            }
        }
    }

    /// <summary>A unit vector that is orthogonal to all lines; there must be fewer than K independent ones.</summary>
    public void Normal(Span<double> normal)
    {
        double best = 0;
        Span<double> axis = stackalloc double[LineSet.MostBlocks];
        for (var b = 0; b < _blocks; b++)
        {
            axis.Clear();
            axis[b] = 1;
            var length = Rest(axis[.._blocks]);
            if (length > best)
            {
                best = length;
                for (var a = 0; a < _blocks; a++)
                {
                    normal[a] = _rest[a] / length;
                }
            }
        }
    }

    // vᵀ(σ²I + Σ v vᵀ)⁻¹v; the image of v is left behind.
    private double Spread(ReadOnlySpan<double> line)
    {
        for (var b = 0; b < _blocks; b++)
        {
            _image[b] = LineSet.Dot(_inverse[b], line);
        }

        return LineSet.Dot(_image, line);
    }

    // Length of what is left of the line outside the span, by Gram–Schmidt, twice.
    private double Rest(ReadOnlySpan<double> line)
    {
        line.CopyTo(_rest);
        for (var pass = 0; pass < 2; pass++)
        {
            for (var r = 0; r < Rank; r++)
            {
                var along = LineSet.Dot(_basis[r], _rest);
                for (var b = 0; b < _blocks; b++)
                {
                    _rest[b] -= along * _basis[r][b];
                }
            }
        }

        return Math.Sqrt(LineSet.Dot(_rest, _rest));
    }
}

namespace Sidestep.Hosting;

/// <summary>A slope by central differences, and how far it can be trusted.</summary>
/// <param name="Value">The slope along the direction.</param>
/// <param name="Stated">The slope the gradient states, for the very same steps.</param>
/// <param name="Doubt">How far estimates of neighbouring step lengths lie apart, and what rounding of the loss adds.</param>
internal readonly record struct Slope(double Value, double Stated, double Doubt);

/// <summary>Slopes of a loss that is computed in float: step lengths from coarse to fine are tried, and the one with the least doubt counts.</summary>
/// <remarks>Coarse steps err by curvature and kinks (∝ h²), fine ones by rounding of the loss (∝ 1/h), which is measured first. Steps are measured as
/// the floats they become, so rounding of the parameters costs nothing: the stated slope is Σ gradient · (x₊ − x₋). Cost: 16 losses. One owner.
/// Rounding is estimated from a table of differences: Moré, Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011, algorithm ECnoise.</remarks>
/// <param name="loss">The loss at a point.</param>
/// <param name="point">The point; unchanged between calls.</param>
/// <param name="gradient">The gradient to be checked.</param>
internal sealed class SlopeProbe(Func<ReadOnlyMemory<float>, double> loss, float[] point, float[] gradient)
{
    private const int Lengths = 8;
    private const double Finer = 1 / 3.0;
    private const int NoisePoints = 8;
    private const int NoiseOrder = 4;

    private readonly float[] _plus = [.. point];
    private readonly float[] _minus = [.. point];

    /// <summary>Standard deviation of the loss's rounding near the point.</summary>
    /// <param name="offset">Where the tensor begins.</param>
    /// <param name="direction">Of unit length; as long as the tensor.</param>
    /// <param name="step">Short enough for the loss to be nearly a line over some of them.</param>
    public double Noise(int offset, ReadOnlySpan<double> direction, double step)
    {
        Span<double> values = stackalloc double[NoisePoints];
        for (var j = 0; j < NoisePoints; j++)
        {
            Move(_plus, offset, direction, step * j);
            values[j] = loss(_plus);
        }

        Restore(offset, direction.Length);

        // The k-th differences of a smooth loss vanish; those of rounding have the variance σ²·(2k)!/(k!)².
        var factor = 1.0;
        for (var order = 1; order <= NoiseOrder; order++)
        {
            factor *= order / (2.0 * ((2 * order) - 1));
            for (var j = 0; j + order < NoisePoints; j++)
            {
                values[j] = values[j + 1] - values[j];
            }
        }

        double squares = 0;
        foreach (var difference in values[..(NoisePoints - NoiseOrder)])
        {
            squares += difference * difference;
        }

        return Math.Sqrt(factor * squares / (NoisePoints - NoiseOrder));
    }

    /// <summary>The slope along a direction that moves one tensor.</summary>
    /// <param name="offset">Where the tensor begins.</param>
    /// <param name="direction">Of unit length; as long as the tensor.</param>
    /// <param name="coarsest">The longest step.</param>
    /// <param name="noise">Standard deviation of the loss's rounding.</param>
    public Slope Along(int offset, ReadOnlySpan<double> direction, double coarsest, double noise)
    {
        var best = new Slope(double.NaN, double.NaN, double.PositiveInfinity);
        var (coarse, stated) = Difference(offset, direction, coarsest);
        for (var k = 1; k < Lengths; k++)
        {
            coarsest *= Finer;
            var (fine, fineStated) = Difference(offset, direction, coarsest);

            // What differs because the steps were rounded differently is no doubt; a difference of two losses has the noise √2·σ.
            var doubt = Math.Abs((fine - fineStated) - (coarse - stated)) + (Math.Sqrt(2) * noise / coarsest);
            if (doubt < best.Doubt)
            {
                // Richardson: the h² term of a smooth loss cancels.
                best = new Slope(fine + (Finer * Finer / (1 - (Finer * Finer)) * (fine - coarse)), fineStated, doubt);
            }

            (coarse, stated) = (fine, fineStated);
        }

        return best;
    }

    private (double Value, double Stated) Difference(int offset, ReadOnlySpan<double> direction, double step)
    {
        Move(_plus, offset, direction, step);
        Move(_minus, offset, direction, -step);
        double stated = 0;
        for (var at = offset; at < offset + direction.Length; at++)
        {
            stated += gradient[at] * ((double)_plus[at] - _minus[at]);
        }

        var difference = loss(_plus) - loss(_minus);
        Restore(offset, direction.Length);
        return (difference / (2 * step), stated / (2 * step));
    }

    private void Move(float[] moved, int offset, ReadOnlySpan<double> direction, double step)
    {
        for (var i = 0; i < direction.Length; i++)
        {
            moved[offset + i] = (float)(point[offset + i] + (step * direction[i]));
        }
    }

    private void Restore(int offset, int length)
    {
        point.AsSpan(offset, length).CopyTo(_plus.AsSpan(offset));
        point.AsSpan(offset, length).CopyTo(_minus.AsSpan(offset));
    }
}

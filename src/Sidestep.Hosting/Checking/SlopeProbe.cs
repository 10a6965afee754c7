namespace Sidestep.Hosting;

/// <summary>A slope by central differences, and how far it can be trusted.</summary>
/// <param name="Value">The slope along the direction.</param>
/// <param name="Stated">The slope the gradient states, for the very same steps.</param>
/// <param name="Doubt">How far estimates of neighbouring step lengths lie apart.</param>
internal readonly record struct Slope(double Value, double Stated, double Doubt);

/// <summary>Slopes of a loss that is computed in float: step lengths from coarse to fine are tried, and the one whose neighbours agree best counts.</summary>
/// <remarks>Coarse steps err by curvature and kinks (∝ h²), fine ones by rounding of the loss (∝ 1/h). Steps are measured as the floats they become, so
/// rounding of the parameters costs nothing: the stated slope is Σ gradient · (x₊ − x₋). Cost: 12 losses. One owner.</remarks>
/// <param name="loss">The loss at a point.</param>
/// <param name="point">The point; unchanged between calls.</param>
/// <param name="gradient">The gradient to be checked.</param>
internal sealed class SlopeProbe(Func<ReadOnlyMemory<float>, double> loss, float[] point, float[] gradient)
{
    private const int Lengths = 6;
    private const double Finer = 0.25;

    private readonly float[] _plus = [.. point];
    private readonly float[] _minus = [.. point];

    /// <summary>The slope along a direction that moves one tensor.</summary>
    /// <param name="offset">Where the tensor begins.</param>
    /// <param name="direction">Of unit length; as long as the tensor.</param>
    /// <param name="coarsest">The longest step.</param>
    public Slope Along(int offset, ReadOnlySpan<double> direction, double coarsest)
    {
        Span<double> values = stackalloc double[Lengths], stated = stackalloc double[Lengths];
        for (int k = 0; k < Lengths; k++, coarsest *= Finer)
        {
            (values[k], stated[k]) = Difference(offset, direction, coarsest);
        }

        var best = new Slope(values[0], stated[0], double.PositiveInfinity);
        for (var k = 0; k + 1 < Lengths; k++)
        {
            // What differs because the stated slopes differ (rounded steps) is no doubt.
            var doubt = Math.Abs((values[k] - stated[k]) - (values[k + 1] - stated[k + 1]));
            if (doubt < best.Doubt)
            {
                // Richardson: the h² term of a smooth loss cancels.
                var cancelled = values[k + 1] + (Finer * Finer / (1 - (Finer * Finer)) * (values[k + 1] - values[k]));
                best = new Slope(cancelled, stated[k + 1], doubt);
            }
        }

        return best;
    }

    private (double Value, double Stated) Difference(int offset, ReadOnlySpan<double> direction, double step)
    {
        double stated = 0;
        for (var i = 0; i < direction.Length; i++)
        {
            var at = offset + i;
            _plus[at] = (float)(point[at] + (step * direction[i]));
            _minus[at] = (float)(point[at] - (step * direction[i]));
            stated += (double)gradient[at] * ((double)_plus[at] - _minus[at]);
        }

        var difference = loss(_plus) - loss(_minus);
        point.AsSpan(offset, direction.Length).CopyTo(_plus.AsSpan(offset));
        point.AsSpan(offset, direction.Length).CopyTo(_minus.AsSpan(offset));
        return (difference / (2 * step), stated / (2 * step));
    }
}

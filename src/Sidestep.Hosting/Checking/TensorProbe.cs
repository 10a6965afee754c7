using System.Globalization;

namespace Sidestep.Hosting;

/// <summary>Probes the gradient of one tensor along random directions and coordinates.</summary>
/// <param name="slopes">Measures slopes.</param>
/// <param name="point">The point.</param>
/// <param name="gradient">The gradient there.</param>
/// <param name="tolerance">Relative error that is accepted.</param>
internal sealed class TensorProbe(SlopeProbe slopes, float[] point, float[] gradient, double tolerance)
{
    private const int Weighted = 3;
    private const int Uniform = 3;
    private const int Coordinates = 6;

    // Steps as shares of the tensor's size, which counts as at least so much of the whole model's.
    private const double Coarsest = 0.25;
    private const double NoiseStep = 1e-4;
    private const double LeastShare = 0.5;

    public TensorCheck Check(TensorShape shape, int offset, Rng rng)
    {
        var tally = new Tally(tolerance, 1e-3 * Norms.L2(gradient));
        var direction = new double[shape.Length];
        var typical = Norms.L2(point) * Math.Sqrt((double)shape.Length / point.Length);
        var size = Math.Max(Norms.L2(point.AsSpan(offset, shape.Length)), LeastShare * typical);
        Draw(direction, ref rng);
        var noise = slopes.Noise(offset, direction, NoiseStep * size);
        for (var draw = 0; draw < Weighted + Uniform; draw++)
        {
            // Along the gradient, unevenly weighted, the slope stands out from rounding; evenly drawn directions see what the gradient forgot.
            var isWeighted = draw < Weighted;
            if (isWeighted ? Weigh(direction, offset, ref rng) : Draw(direction, ref rng))
            {
                tally.Add(isWeighted ? "along the gradient" : "a random direction", slopes.Along(offset, direction, Coarsest * size, noise));
            }
        }

        foreach (var coordinate in Chosen(shape.Length, offset, ref rng))
        {
            Array.Clear(direction);
            direction[coordinate] = 1;
            var scale = Math.Max(Math.Abs(point[offset + coordinate]), size / Math.Sqrt(shape.Length));
            tally.Add(string.Create(CultureInfo.InvariantCulture, $"element {coordinate}"), slopes.Along(offset, direction, Coarsest * scale, noise));
        }

        return tally.Result(shape);
    }

    // The largest elements of the gradient, and some others.
    private int[] Chosen(int length, int offset, ref Rng rng)
    {
        var chosen = Enumerable.Range(0, length).OrderByDescending(i => Math.Abs(gradient[offset + i])).Take(Coordinates / 2).ToHashSet();
        for (var tries = 0; tries < Coordinates && chosen.Count < Math.Min(Coordinates, length); tries++)
        {
            chosen.Add(rng.Next(length));
        }

        return [.. chosen.Order()];
    }

    private bool Weigh(double[] direction, int offset, ref Rng rng)
    {
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = gradient[offset + i] * 2 * rng.NextDouble();
        }

        return Normalise(direction);
    }

    private static bool Draw(double[] direction, ref Rng rng)
    {
        foreach (ref var value in direction.AsSpan())
        {
            value = rng.NextGaussian();
        }

        return Normalise(direction);
    }

    private static bool Normalise(double[] direction)
    {
        var norm = Math.Sqrt(direction.Sum(d => d * d));
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] /= norm;
        }

        return norm > 0;
    }

    /// <summary>Keeps the worst of clear slopes.</summary>
    /// <param name="tolerance">Relative error that is accepted.</param>
    /// <param name="floor">Slopes below this count as this.</param>
    private sealed class Tally(double tolerance, double floor)
    {
        // A slope is clear if what its step lengths leave in doubt is less than this share of it.
        private const double ClearShare = 0.02;
        private const int LeastClear = 3;

        // The step length of least doubt is a lucky one where kinks are dense (max-pooling over many maps): it may err by so many times what it says.
        private const double Luck = 4;

        private readonly List<(string Name, Slope Slope, double Error)> _clear = [];
        private int _unclear;
        private bool _wrong;

        public void Add(string name, Slope slope)
        {
            var size = Math.Max(Math.Max(Math.Abs(slope.Value), Math.Abs(slope.Stated)), floor);
            var error = Math.Abs(slope.Value - slope.Stated);
            if (!(slope.Doubt <= ClearShare * size))
            {
                // Rough, but an error far beyond the doubt is an error all the same.
                _unclear++;
                if (!(error > 0.2 * size) || !(error > 10 * slope.Doubt))
                {
                    return;
                }
            }

            _clear.Add((name, slope, error / size));
            _wrong |= !(error <= (tolerance * size) + (Luck * slope.Doubt));
        }

        public TensorCheck Result(TensorShape shape)
        {
            var total = _clear.Count + _unclear;
            if (_clear.Count == 0)
            {
                return new TensorCheck(shape.Name, shape.Length, total, _unclear, null, "nothing is clear", null, null, Ok: false);
            }

            var (name, slope, error) = _clear.MaxBy(c => c.Error);
            return new TensorCheck(shape.Name, shape.Length, total, _unclear, error, name, slope.Value, slope.Stated, !_wrong && _clear.Count >= Math.Min(LeastClear, total));
        }
    }
}

namespace Sidestep.Training;

/// <summary>Draws digits. All arithmetic is + − × ÷ and square roots, so the pictures are the same on every machine.</summary>
internal sealed class DigitPen(int side)
{
    private const int StepsPerSpan = 5;

    private readonly double[] _ink = new double[side * side];
    private readonly byte[] _picture = new byte[side * side];
    private readonly double[] _points = new double[64];

    /// <summary>Draws one picture; the result is valid until the next.</summary>
    internal ReadOnlySpan<byte> Draw(int digit, ref Rng rng)
    {
        _ink.AsSpan().Clear();
        var distortion = Distortion.Random(ref rng);
        var thickness = Between(ref rng, 0.07, 0.17);
        var jitter = 0.09;
        var ways = DigitShapes.Ways[digit];
        foreach (var stroke in ways[rng.Next(ways.Length)])
        {
            for (var i = 0; i < stroke.Length; i += 2)
            {
                var x = stroke[i] + Between(ref rng, -jitter, jitter);
                var y = stroke[i + 1] + Between(ref rng, -jitter, jitter);
                (_points[i], _points[i + 1]) = distortion.Apply(x, y);
            }

            Curve(_points.AsSpan(0, stroke.Length), thickness, 1);
        }

        Distract(ref rng);
        return Develop(ref rng);
    }

    /// <summary>Short strokes that belong to no digit, anywhere in the picture.</summary>
    private void Distract(ref Rng rng)
    {
        for (var strokes = 1 + rng.Next(3); strokes > 0; strokes--)
        {
            var (x, y) = (Between(ref rng, -1, 1), Between(ref rng, -1, 1));
            Segment(x, y, x + Between(ref rng, -.45, .45), y + Between(ref rng, -.45, .45), Between(ref rng, .05, .1), Between(ref rng, .4, 1));
        }
    }

    /// <summary>Contrast, background and noise; to bytes.</summary>
    private ReadOnlySpan<byte> Develop(ref Rng rng)
    {
        var contrast = Between(ref rng, .55, 1);
        var background = Between(ref rng, 0, .15);
        for (var i = 0; i < _ink.Length; i++)
        {
            var noise = .2 * (rng.NextDouble() + rng.NextDouble() - 1);
            var value = background + (contrast * _ink[i] * (1 - background)) + noise;
            _picture[i] = (byte)((Math.Clamp(value, 0, 1) * 255) + .5);
        }

        return _picture;
    }

    /// <summary>A Catmull–Rom curve through the points.</summary>
    private void Curve(ReadOnlySpan<double> points, double thickness, double strength)
    {
        var count = points.Length / 2;
        var (lastX, lastY) = (points[0], points[1]);
        for (var span = 0; span + 1 < count; span++)
        {
            for (var step = 1; step <= StepsPerSpan; step++)
            {
                var t = (double)step / StepsPerSpan;
                var x = Spline(points, span, t, 0);
                var y = Spline(points, span, t, 1);
                Segment(lastX, lastY, x, y, thickness, strength);
                (lastX, lastY) = (x, y);
            }
        }
    }

    private static double Spline(ReadOnlySpan<double> points, int span, double t, int axis)
    {
        var count = points.Length / 2;
        var a = points[(2 * Math.Max(0, span - 1)) + axis];
        var b = points[(2 * span) + axis];
        var c = points[(2 * (span + 1)) + axis];
        var d = points[(2 * Math.Min(count - 1, span + 2)) + axis];
        return .5 * ((2 * b) + ((c - a) * t) + (((2 * a) - (5 * b) + (4 * c) - d) * t * t) + (((3 * (b - c)) + d - a) * t * t * t));
    }

    /// <summary>Inks the pixels near a segment; coordinates in ±1, y down.</summary>
    private void Segment(double x0, double y0, double x1, double y1, double thickness, double strength)
    {
        var pixel = 2.0 / side;
        var reach = thickness + pixel;
        var (dx, dy) = (x1 - x0, y1 - y0);
        var length = (dx * dx) + (dy * dy);
        var (left, right) = (Cell(Math.Min(x0, x1) - reach), Cell(Math.Max(x0, x1) + reach));
        var (top, bottom) = (Cell(Math.Min(y0, y1) - reach), Cell(Math.Max(y0, y1) + reach));
        for (var row = top; row <= bottom; row++)
        {
            for (var column = left; column <= right; column++)
            {
                var px = ((column + .5) * pixel) - 1 - x0;
                var py = ((row + .5) * pixel) - 1 - y0;
                var t = length > 0 ? Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1) : 0;
                var (ex, ey) = (px - (t * dx), py - (t * dy));
                var distance = Math.Sqrt((ex * ex) + (ey * ey));
                var ink = strength * Math.Clamp(((thickness - distance) / pixel) + .5, 0, 1);
                ref var cell = ref _ink[(row * side) + column];
                cell = Math.Max(cell, ink);
            }
        }
    }

    private int Cell(double position) => (int)Math.Clamp((position + 1) * side / 2, 0, side - 1);

    private static double Between(ref Rng rng, double low, double high) => low + ((high - low) * rng.NextDouble());

    /// <summary>A random affine map: scale, shear, turn and shift.</summary>
    private readonly record struct Distortion(double A, double B, double C, double D, double ShiftX, double ShiftY)
    {
        internal static Distortion Random(ref Rng rng)
        {
            var scaleX = Between(ref rng, .45, .8);
            var scaleY = Between(ref rng, .5, .8);
            var shear = Between(ref rng, -.35, .35);

            // The turn by half-angle tangent needs no sine: (1 − h²)/(1 + h²) and 2h/(1 + h²).
            var half = Between(ref rng, -.16, .16);
            var (cos, sin) = ((1 - (half * half)) / (1 + (half * half)), 2 * half / (1 + (half * half)));
            return new Distortion(
                scaleX * cos,
                scaleY * ((shear * cos) - sin),
                scaleX * sin,
                scaleY * ((shear * sin) + cos),
                Between(ref rng, -.22, .22),
                Between(ref rng, -.18, .18));
        }

        internal (double X, double Y) Apply(double x, double y) => ((A * x) + (B * y) + ShiftX, (C * x) + (D * y) + ShiftY);
    }
}

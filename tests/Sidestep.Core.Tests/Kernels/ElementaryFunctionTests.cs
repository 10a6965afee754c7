namespace Sidestep.Tests;

public sealed class ElementaryFunctionTests
{
    private static readonly float[] Edges =
    [
        0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, 1.1754942e-38f, 1.17549435e-38f, 0.625f, 0.62499994f, 1f, -1f, 0.99999994f,
        1.4142135f, 1.4142137f, 0.70710677f, 0.7071068f, 88.72283f, 88.72284f, 89f, -87.33655f, -103.97f, -103.98f, -104f, -105f,
        1e30f, -1e30f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    private delegate void Vectors(ReadOnlySpan<float> source, Span<float> destination);

    [Fact]
    public void Vector_every_length_equals_scalar_bits()
    {
        for (var length = 0; length <= 300; length++)
        {
            var x = Values.Make(length + 1, 5).AsSpan(1);
            Same(ElementaryFunctions.Exp, ScalarReference.Exp, x);
            Same(ElementaryFunctions.Log, ScalarReference.Log, x);
            Same(ElementaryFunctions.Tanh, ScalarReference.Tanh, x);
        }
    }

    [Fact]
    public void Vector_edges_in_every_lane_equal_scalar_bits()
    {
        var x = new float[Edges.Length * 16];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = Edges[(i + (i / 16)) % Edges.Length];
        }

        Same(ElementaryFunctions.Exp, ScalarReference.Exp, x);
        Same(ElementaryFunctions.Log, ScalarReference.Log, x);
        Same(ElementaryFunctions.Tanh, ScalarReference.Tanh, x);
    }

    [Fact]
    public void Exp_whole_range_is_within_two_ulp() =>
        Within(ScalarReference.Exp, Math.Exp, Sweep(-103.9, 88.7, 300_000), 2);

    [Fact]
    public void Log_whole_range_is_within_two_ulp()
    {
        Within(ScalarReference.Log, Math.Log, Sweep(0.5, 2, 300_000), 2);
        Within(ScalarReference.Log, Math.Log, Sweep(-103, 88, 100_000).Select(v => (float)Math.Exp(v)), 2);
    }

    [Fact]
    public void Tanh_whole_range_is_within_three_ulp()
    {
        Within(ScalarReference.Tanh, Math.Tanh, Sweep(-10, 10, 300_000), 3);
        Within(ScalarReference.Tanh, Math.Tanh, Sweep(-80, 2, 100_000).Select(v => (float)Math.Exp(v)), 3);
    }

    [Fact]
    public void Special_values_follow_the_mathematics()
    {
        Assert.Equal(1f, ScalarReference.Exp(0f));
        Assert.Equal(0f, ScalarReference.Exp(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, ScalarReference.Exp(float.PositiveInfinity));
        Assert.Equal(float.PositiveInfinity, ScalarReference.Exp(88.73f));
        Assert.Equal(0f, ScalarReference.Log(1f));
        Assert.Equal(float.NegativeInfinity, ScalarReference.Log(-0f));
        Assert.Equal(float.PositiveInfinity, ScalarReference.Log(float.PositiveInfinity));
        Assert.True(float.IsNaN(ScalarReference.Log(-1f)));
        Assert.Equal(1f, ScalarReference.Tanh(float.PositiveInfinity));
        Assert.Equal(-1f, ScalarReference.Tanh(-30f));
        Assert.True(float.IsNegative(ScalarReference.Tanh(-0f)));
        Assert.True(float.IsNaN(ScalarReference.Tanh(float.NaN)));
    }

    private static void Same(Vectors vector, Func<float, float> scalar, ReadOnlySpan<float> x)
    {
        var actual = new float[x.Length];
        vector(x, actual);
        var expected = x.ToArray().Select(scalar).ToArray();
        Values.SameBits(expected, actual, scalar.Method.Name);
    }

    private static IEnumerable<float> Sweep(double from, double to, int count) =>
        Enumerable.Range(0, count + 1).Select(i => (float)(from + ((to - from) * i / count)));

    private static void Within(Func<float, float> function, Func<double, double> exact, IEnumerable<float> points, double ulps)
    {
        foreach (var x in points)
        {
            var off = Values.UlpsOff(function(x), exact(x));
            Assert.True(off <= ulps, $"{function.Method.Name}({x:R}) is {off:0.00} ulp off");
        }
    }
}

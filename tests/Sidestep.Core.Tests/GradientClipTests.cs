namespace Sidestep.Core.Tests;

public sealed class GradientClipTests
{
    [Fact]
    public void Long_gradients_keep_their_direction_and_get_the_norm()
    {
        var gradient = Gradient(1003);
        var before = gradient.ToArray();
        Assert.True(new GradientClip(Norm: 1.5).Apply(gradient, out var norm));
        Assert.Equal(Math.Sqrt(before.Sum(g => (double)g * g)), norm, 1e-9);
        Assert.Equal(1.5, Math.Sqrt(gradient.Sum(g => (double)g * g)), 1e-6);
        var factor = (float)(1.5 / Norms.L2(before));
        Assert.Equal(before.Select(g => factor * g), gradient);
    }

    [Fact]
    public void Short_gradients_and_gradients_at_the_bound_keep_every_bit()
    {
        var gradient = Gradient(77);
        var before = gradient.ToArray();
        Assert.False(new GradientClip(Norm: Norms.L2(gradient)).Apply(gradient, out _));
        Assert.False(new GradientClip(Value: before.Max(Math.Abs)).Apply(gradient, out _));
        Assert.False(new GradientClip(Norm: 1).Apply([], out var none));
        Assert.Equal(0, none);
        Assert.Equal(before, gradient);
    }

    [Fact]
    public void Components_are_cut_before_the_norm_is_bounded()
    {
        float[] gradient = [3, -4, 0.5f, -0.25f];
        Assert.True(new GradientClip(Value: 1).Apply(gradient, out var norm));
        Assert.Equal([1, -1, 0.5f, -0.25f], gradient);
        Assert.Equal(Math.Sqrt(25 + 0.25 + 0.0625), norm, 1e-12);

        float[] both = [3, -4, 0.5f, -0.25f];
        Assert.True(new GradientClip(Norm: 0.5, Value: 1).Apply(both, out _));
        var factor = (float)(0.5 / Math.Sqrt(2 + 0.25 + 0.0625));
        Assert.Equal(gradient.Select(g => factor * g), both);
    }

    [Theory]
    [InlineData(null, null, "neither norm nor value")]
    [InlineData(0.0, null, "clip.norm is 0")]
    [InlineData(double.NaN, null, "clip.norm is NaN")]
    [InlineData(double.PositiveInfinity, null, "clip.norm")]
    [InlineData(null, -1.0, "clip.value is -1")]
    [InlineData(1.0, 1e300, "clip.value")]
    public void Bounds_that_are_none_are_named(double? norm, double? value, string expected) =>
        Assert.Contains(expected, new GradientClip(norm, value).Problem(), StringComparison.Ordinal);

    [Fact]
    public void Good_bounds_have_no_problem() => Assert.Null(new GradientClip(1, 0.5).Problem());

    private static float[] Gradient(int length)
    {
        var rng = new Rng(4, Purpose.Test, 0, 0, length);
        return [.. Enumerable.Range(0, length).Select(_ => (float)rng.NextGaussian())];
    }
}

namespace Sidestep.Tests;

/// <summary>Awkward numbers for kernels.</summary>
internal static class Values
{
    private static readonly float[] Special =
        [0f, -0f, float.Epsilon, -float.Epsilon, 1e-39f, -1e-40f, 1.17549435e-38f, 3.0e38f, -3.3e38f, 1f, -1f, 1e-30f, 16777217f];

    public static float[] Make(int length, int seed)
    {
        var rng = new Rng((ulong)seed, Purpose.Test, 0, length, 0);
        var values = new float[length];
        for (var i = 0; i < length; i++)
        {
            values[i] = rng.Next(5) == 0
                ? Special[rng.Next(Special.Length)]
                : (float)(rng.NextGaussian() * Portable.Exp(rng.NextDouble() * 20 - 10));
        }

        return values;
    }

    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i])
                && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
            {
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
            }
        }
    }

    public static double UlpsOff(float actual, double exact)
    {
        var near = Math.Abs((float)exact);
        var ulp = near < 1.17549435e-38f ? float.Epsilon : (double)MathF.BitIncrement(near) - near;
        return double.IsFinite(ulp) ? Math.Abs(actual - exact) / ulp : (actual == (float)exact ? 0 : double.PositiveInfinity);
    }

    public static double UlpsOff(double actual, double expected) =>
        actual.Equals(expected) ? 0 : Math.Abs(actual - expected) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
}

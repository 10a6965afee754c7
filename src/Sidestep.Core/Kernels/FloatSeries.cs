namespace Sidestep;

/// <summary>Constants of the single-precision elementary functions: Taylor coefficients and exact splits, rounded to float.</summary>
internal static class FloatSeries
{
    // exp: e^r = Σ r^n/n! on |r| ≤ ½ ln 2; the first term left out is below 6e-9.
    public const float E3 = 1f / 6;
    public const float E4 = 1f / 24;
    public const float E5 = 1f / 120;
    public const float E6 = 1f / 720;
    public const float E7 = 1f / 5040;

    // Beyond these the result is infinite, or rounds to zero.
    public const float ExpHighest = 89f;
    public const float ExpLowest = -104f;
    public const float Log2E = 1.44269504f;

    // 1.5·2²³: adding and subtracting it rounds to the nearest integer, ties to even.
    public const float RoundingShift = 12582912f;

    // ln 2 = 355/512 + rest; k·355/512 is exact for the exponents that occur.
    public const float Ln2High = 0.693359375f;
    public const float Ln2Low = -2.12194440054690583e-4f;

    // log: R(z) = 2z/3 + 2z²/5 + 2z³/7 + …, z = s², |s| ≤ 0.1716.
    public const float L1 = 2f / 3;
    public const float L2 = 2f / 5;
    public const float L3 = 2f / 7;
    public const float L4 = 2f / 9;
    public const float L5 = 2f / 11;
    public const float SmallestNormal = 1.17549435e-38f;
    public const float TwoTo23 = 8388608f;
    public const int One = 0x3F800000;
    public const int SqrtHalf = 0x3F3504F3;
    public const int Mantissa = 0x7FFFFF;

    // tanh: below it the continued fraction, above it the exponential.
    public const float TanhSwitch = 0.625f;
}

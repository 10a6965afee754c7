using System.Globalization;

namespace Sidestep.Training;

/// <summary>Numbers as text to floats, correctly rounded: the same bits as <see cref="float.Parse(string)"/>, several times faster for short decimals.</summary>
/// <remarks>A decimal of at most 19 digits with mantissa m ≤ 2⁵³ and exponent |e| ≤ 22 is one exactly rounded operation in double
/// (W. Clinger, "How to read floating point numbers accurately", PLDI 1990, fast path). Rounding that to float is right too unless the double
/// lies exactly half way between two floats, where the first rounding may have moved it there: these few, and all longer numbers, go the slow way.</remarks>
internal static unsafe class DecimalText
{
    private const ulong LargestMantissa = 1UL << 53;
    private const int LargestExponent = 22;
    private const int MostDigits = 19;

    // The bits of a double that a float drops; and the one of them that is half a unit of the float.
    private const ulong Dropped = 0x1FFF_FFFF;
    private const ulong Half = 0x1000_0000;

    private static readonly double[] Powers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads the number that starts at a place. The text must end with a byte that belongs to no number, such as a line feed.</summary>
    /// <param name="at">The first byte.</param>
    /// <param name="value">The number.</param>
    /// <returns>The byte after it; null: the slow way must be gone, or there is no number.</returns>
    internal static byte* Read(byte* at, out float value)
    {
        value = 0;
        var negative = *at == '-';
        at += negative || *at == '+' ? 1 : 0;
        var start = at;
        ulong mantissa = 0;
        uint digit;
        while ((digit = *at - (uint)'0') <= 9)
        {
            mantissa = (mantissa * 10) + digit;
            at++;
        }

        var digits = at - start;
        long exponent = 0;
        if (*at == '.')
        {
            var fraction = ++at;
            while ((digit = *at - (uint)'0') <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                at++;
            }

            exponent = fraction - at;
            digits -= exponent;
        }

        if (digits is 0 or > MostDigits || ((*at | 0x20) == 'e' && (at = Exponent(at + 1, ref exponent)) == null))
        {
            return null;
        }

        if (mantissa > LargestMantissa || exponent < -LargestExponent || exponent > LargestExponent)
        {
            return null;
        }

        var number = exponent < 0 ? mantissa / Powers[-exponent] : mantissa * Powers[exponent];
        if ((BitConverter.DoubleToUInt64Bits(number) & Dropped) == Half)
        {
            return null;
        }

        value = negative ? -(float)number : (float)number;
        return at;
    }

    /// <summary>The slow way, for a whole cell; white space around is allowed.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> cell, out float value) =>
        float.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static byte* Exponent(byte* at, ref long exponent)
    {
        var negative = *at == '-';
        at += negative || *at == '+' ? 1 : 0;
        uint digit;
        var value = 0;
        var start = at;
        while ((digit = *at - (uint)'0') <= 9)
        {
            value = (value * 10) + (int)digit;
            at++;
        }

        exponent += negative ? -value : value;
        return at - start is >= 1 and <= 4 ? at : null;
    }
}

using System.Globalization;
using System.Text;
using FsCheck.Xunit;

namespace Sidestep.Training.Tests.Data;

public sealed class DecimalTextTests
{
    [Property(MaxTest = 2000)]
    public void Any_float_in_any_format_gives_the_bits_of_the_base_library(float value, byte form)
    {
        if (float.IsFinite(value))
        {
            var format = new[] { "R", "G9", "G4", "F4", "E8", "F12" }[form % 6];
            Same(value.ToString(format, CultureInfo.InvariantCulture));
        }
    }

    [Property(MaxTest = 5000)]
    public void Any_decimal_gives_the_bits_of_the_base_library(ulong digits, byte length, byte point, sbyte exponent, bool negative)
    {
        var text = (digits % (ulong)Math.Pow(10, 1 + (length % 18))).ToString(CultureInfo.InvariantCulture);
        var at = point % (text.Length + 1);
        var tail = exponent % 3 == 0 ? string.Empty : FormattableString.Invariant($"e{exponent % 45}");
        Same($"{(negative ? "-" : string.Empty)}{text[..at]}.{text[at..]}{tail}");
    }

    [Fact]
    public void Decimals_next_to_the_middle_between_two_floats_are_rounded_as_the_base_library_does()
    {
        var rng = new Rng(7, Purpose.Test, 0, 0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            // The middle of two neighbours, exactly, and a little beside it: where rounding twice goes wrong.
            var low = BitConverter.UInt32BitsToSingle((uint)rng.Next(0x7F00_0000));
            var middle = (decimal)0;
            if (low is > 1e-6f and < 1e6f)
            {
                middle = ((decimal)(double)low + (decimal)(double)MathF.BitIncrement(low)) / 2;
                foreach (var text in new[] { middle, middle + 1e-16m, middle - 1e-16m })
                {
                    Same(text.ToString(CultureInfo.InvariantCulture));
                }
            }
        }

        // 2^24 + 1 lies between two floats; a sixteenth digit decides.
        Same("16777217");
        Same("16777217.00000001");
        Same("16777216.99999999");
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("nan")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1e99999")]
    [InlineData("12345678901234567890")]
    public unsafe void Text_the_fast_way_does_not_know_is_left_to_the_slow_way(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "\n");
        fixed (byte* at = bytes)
        {
            Assert.True(DecimalText.Read(at, out _) == null);
        }
    }

    [Theory]
    [InlineData("0,", 0f)]
    [InlineData("-0.5;", -0.5f)]
    [InlineData("+3\r", 3f)]
    [InlineData("12.50x", 12.5f)]
    [InlineData("1e3\n", 1000f)]
    [InlineData(".25\n", 0.25f)]
    [InlineData("7.\n", 7f)]
    public unsafe void Short_decimals_are_read_up_to_the_first_byte_that_is_none_of_theirs(string text, float expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* at = bytes)
        {
            var next = DecimalText.Read(at, out var value);
            Assert.Equal(bytes.Length - 1, (int)(next - at));
            Assert.Equal(expected, value);
        }
    }

    private static unsafe void Same(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + "\n");
        fixed (byte* at = bytes)
        {
            var next = DecimalText.Read(at, out var value);
            if (next != null)
            {
                Assert.Equal(text.Length, (int)(next - at));
                var expected = float.Parse(text, CultureInfo.InvariantCulture);
                Assert.True(BitConverter.SingleToUInt32Bits(expected) == BitConverter.SingleToUInt32Bits(value), $"{text}: {value:R}, expected {expected:R}");
            }
        }
    }
}

using System.Buffers.Text;

namespace Sidestep.Training;

/// <summary>Writes a generated mixture as a table of text: features with four decimals, then the class from 0.</summary>
public static class MixtureText
{
    // Sign, ten digits, point, four digits, separator.
    private const int LongestCell = 17;
    private const double Largest = 1e9;

    /// <summary>Writes all rows, with all cores.</summary>
    /// <param name="source">What to generate.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="progress">Hears the rows written so far.</param>
    /// <param name="stop">Checked for every block.</param>
    /// <exception cref="ConfigurationException">An option of the source is out of range.</exception>
    public static void Write(GaussianMixtureSource source, Stream output, Action<long>? progress = null, CancellationToken stop = default)
    {
        source.Check();
        long rows = 0;
        source.Generate(
            block =>
            {
                output.Write(block.Text.AsSpan(0, block.TextLength));
                rows += block.Rows;
                progress?.Invoke(rows);
            },
            block => Format(block, source.Features),
            stop);
    }

    private static void Format(MixtureBlock block, int features)
    {
        if (block.Text.Length == 0)
        {
            block.Text = new byte[checked(block.Labels.Length * (features + 1) * LongestCell)];
        }

        var text = block.Text.AsSpan();
        var at = 0;
        for (var row = 0; row < block.Rows; row++)
        {
            foreach (var value in block.Values.AsSpan(row * features, features))
            {
                at += Decimal(Math.Clamp(value, -Largest, Largest), text[at..]);
                text[at++] = (byte)',';
            }

            Utf8Formatter.TryFormat((int)block.Labels[row], text[at..], out var written);
            at += written;
            text[at++] = (byte)'\n';
        }

        block.TextLength = at;
    }

    private static int Decimal(double value, Span<byte> text)
    {
        var scaled = (long)Math.Round(Math.Abs(value) * 10_000);
        var at = 0;
        if (value < 0 && scaled > 0)
        {
            text[at++] = (byte)'-';
        }

        var (whole, rest) = Math.DivRem(scaled, 10_000);
        Utf8Formatter.TryFormat(whole, text[at..], out var written);
        at += written;
        text[at++] = (byte)'.';
        for (var digit = 3; digit >= 0; digit--)
        {
            text[at + digit] = (byte)('0' + (rest % 10));
            rest /= 10;
        }

        return at + 4;
    }
}

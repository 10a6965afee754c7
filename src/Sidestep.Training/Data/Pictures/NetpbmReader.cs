using System.Globalization;

namespace Sidestep.Training;

/// <summary>Reads binary PGM (P5, grey) and PPM (P6, colour) of 8 bits.</summary>
/// <remarks>Source: the Netpbm format pages, J. Poskanzer and B. Henderson, "pgm" and "ppm".</remarks>
internal static class NetpbmReader
{
    internal static Picture Read(string file, ReadOnlySpan<byte> bytes)
    {
        var channels = bytes[1] == '5' ? 1 : 3;
        var at = 2;
        var width = Number(file, bytes, ref at);
        var height = Number(file, bytes, ref at);
        var largest = Number(file, bytes, ref at);
        Picture.CheckSize(file, width, height);
        if (largest is < 1 or > 255)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{file}: the largest value is {largest}; 1 to 255 (8 bits) are read"));
        }

        // One white space ends the header.
        var pixels = bytes[Math.Min(bytes.Length, at + 1)..];
        var size = (int)(width * height) * channels;
        if (pixels.Length < size)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{file}: is cut off: {width}x{height} pixels take {size} bytes, {pixels.Length} are there"));
        }

        var result = pixels[..size].ToArray();
        if (largest < 255)
        {
            foreach (ref var value in result.AsSpan())
            {
                value = (byte)(((Math.Min((long)value, largest) * 255) + (largest / 2)) / largest);
            }
        }

        return new Picture((int)width, (int)height, channels, result);
    }

    private static long Number(string file, ReadOnlySpan<byte> bytes, ref int at)
    {
        while (at < bytes.Length && (bytes[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' || bytes[at] == '#'))
        {
            var comment = bytes[at] == '#' ? bytes[at..].IndexOf((byte)'\n') : 0;
            at = comment < 0 ? bytes.Length : at + comment + 1;
        }

        var start = at;
        long value = 0;
        while (at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9' && at - start < 10)
        {
            value = (value * 10) + bytes[at++] - '0';
        }

        return at > start ? value : throw new DataException($"{file}: the header is not width, height and largest value");
    }
}

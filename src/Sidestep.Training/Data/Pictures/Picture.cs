using System.Globalization;

namespace Sidestep.Training;

/// <summary>A decoded picture: 8 bits a channel, pixel after pixel.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Channels">1: grey; 3: red, green, blue.</param>
/// <param name="Pixels">Height × width × channels bytes.</param>
internal sealed record Picture(int Width, int Height, int Channels, byte[] Pixels)
{
    private const long MostPixels = 1 << 26;

    /// <summary>Refuses a size before anything is allocated by it.</summary>
    internal static void CheckSize(string file, long width, long height)
    {
        if (width < 1 || height < 1 || width > MostPixels || height > MostPixels || width * height > MostPixels)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{file}: {width}x{height} pixels; at least 1x1 and at most {MostPixels} in all"));
        }
    }

    /// <summary>Reads a file by its first bytes.</summary>
    /// <exception cref="DataException">It is damaged or of a kind that is not read.</exception>
    internal static Picture Load(string file)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(file, error);
        }

        var kind = bytes.AsSpan();
        return kind.StartsWith(PngReader.Signature) ? PngReader.Read(file, bytes)
            : kind.StartsWith("P5"u8) || kind.StartsWith("P6"u8) ? NetpbmReader.Read(file, bytes)
            : throw new DataException($"{file}: {Guess(kind)}; pictures are PNG, PGM or PPM (binary). Convert it, for example with ImageMagick: mogrify -format png FILE");
    }

    /// <summary>Writes channel after channel, converting between grey and colour (grey is 0.299 R + 0.587 G + 0.114 B, rounded; ITU-R BT.601).</summary>
    internal void Planes(int channels, Span<byte> target)
    {
        var size = Width * Height;
        if (Channels == channels)
        {
            for (var i = 0; i < size * channels; i++)
            {
                target[(i % channels * size) + (i / channels)] = Pixels[i];
            }

            return;
        }

        for (var i = 0; i < size; i++)
        {
            if (channels == 1)
            {
                target[i] = (byte)(((299 * Pixels[3 * i]) + (587 * Pixels[(3 * i) + 1]) + (114 * Pixels[(3 * i) + 2]) + 500) / 1000);
            }
            else
            {
                (target[i], target[size + i], target[(2 * size) + i]) = (Pixels[i], Pixels[i], Pixels[i]);
            }
        }
    }

    private static string Guess(ReadOnlySpan<byte> bytes) =>
        bytes.IsEmpty ? "the file is empty"
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? "is a JPEG"
        : bytes.StartsWith("GIF8"u8) ? "is a GIF"
        : bytes.StartsWith("BM"u8) ? "is a BMP"
        : bytes.StartsWith("RIFF"u8) ? "is a WebP or another RIFF file"
        : bytes[0] == 'P' && bytes.Length > 1 && bytes[1] is >= (byte)'1' and <= (byte)'7' ? "is Netpbm, but neither P5 nor P6"
        : "is no picture that is known";
}

using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;

namespace Sidestep.Training;

/// <summary>Reads PNG that is not interlaced: grey, colour or palette of up to 8 bits a channel; transparency is left out.</summary>
/// <remarks>Source: "Portable Network Graphics (PNG) Specification", W3C Recommendation, second edition, 2003.</remarks>
internal static class PngReader
{
    private const uint Crc32Polynomial = 0xEDB88320;

    private static readonly uint[] CrcTable = MakeTable();

    internal static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="DataException">It is damaged, cut off, interlaced or of 16 bits.</exception>
    internal static Picture Read(string file, ReadOnlySpan<byte> bytes)
    {
        Header? header = null;
        ReadOnlySpan<byte> palette = default;
        using var packed = new MemoryStream();
        var at = Signature.Length;
        while (true)
        {
            var data = Chunk(file, bytes, ref at, out var type);
            if (type.SequenceEqual("IHDR"u8))
            {
                header = Header.Read(file, data);
            }
            else if (type.SequenceEqual("PLTE"u8))
            {
                palette = data;
            }
            else if (type.SequenceEqual("IDAT"u8))
            {
                packed.Write(data);
            }
            else if (type.SequenceEqual("IEND"u8))
            {
                break;
            }
        }

        if (header is not { } head || packed.Length == 0 || (head.Color == 3 && palette.IsEmpty))
        {
            throw new DataException($"{file}: the PNG has no header, no pixels or no palette");
        }

        packed.Position = 0;
        return Pixels(file, head, Unpack(file, packed, head), palette);
    }

    /// <summary>The next chunk's data, held against its checksum.</summary>
    private static ReadOnlySpan<byte> Chunk(string file, ReadOnlySpan<byte> bytes, scoped ref int at, out ReadOnlySpan<byte> type)
    {
        var rest = bytes[at..];
        var length = rest.Length < 12 ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > (uint)(rest.Length - 12))
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{file}: the PNG is cut off at byte {bytes.Length}"));
        }

        type = rest.Slice(4, 4);
        var expected = BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]);
        var measured = Crc32(rest.Slice(4, 4 + (int)length));
        if (measured != expected)
        {
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture, $"{file}, bytes {at} to {at + 11 + length}: checksum {measured:x8}, expected {expected:x8}: the PNG is damaged"));
        }

        at += 12 + (int)length;
        return rest.Slice(8, (int)length);
    }

    private static byte[] Unpack(string file, Stream packed, in Header head)
    {
        var lines = new byte[(head.LineBytes + 1) * head.Height];
        try
        {
            using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
            var count = unpacked.ReadAtLeast(lines, lines.Length, throwOnEndOfStream: false);
            if (count < lines.Length)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture, $"{file}: the PNG's pixels end at byte {count} of {lines.Length}"));
            }
        }
        catch (InvalidDataException error)
        {
            throw new DataException($"{file}: the PNG's pixels cannot be unpacked: {error.Message}");
        }

        Unfilter(file, lines, head);
        return lines;
    }

    private static void Unfilter(string file, byte[] lines, in Header head)
    {
        var step = Math.Max(1, head.Samples * head.Depth / 8);
        var above = new byte[head.LineBytes].AsSpan();
        for (var row = 0; row < head.Height; row++)
        {
            var line = lines.AsSpan(row * (head.LineBytes + 1), head.LineBytes + 1);
            var filter = line[0];
            var pixels = line[1..];
            for (var i = 0; i < pixels.Length; i++)
            {
                int left = i < step ? 0 : pixels[i - step], up = above[i], corner = i < step ? 0 : above[i - step];
                pixels[i] += filter switch
                {
                    0 => 0,
                    1 => (byte)left,
                    2 => (byte)up,
                    3 => (byte)((left + up) / 2),
                    4 => (byte)Paeth(left, up, corner),
                    _ => throw new DataException(string.Create(
                        CultureInfo.InvariantCulture, $"{file}: row {row} of the PNG has filter {filter}; there are 0 to 4")),
                };
            }

            above = pixels;
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (a, b, c) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }

    private static Picture Pixels(string file, in Header head, byte[] lines, ReadOnlySpan<byte> palette)
    {
        var channels = head.Color is 2 or 3 or 6 ? 3 : 1;
        var result = new byte[head.Width * head.Height * channels];
        var target = 0;
        for (var row = 0; row < head.Height; row++)
        {
            var line = lines.AsSpan((row * (head.LineBytes + 1)) + 1, head.LineBytes);
            for (var x = 0; x < head.Width; x++)
            {
                if (head.Color == 3)
                {
                    var entry = 3 * Sample(line, x, head.Depth);
                    if (entry + 3 > palette.Length)
                    {
                        throw new DataException(string.Create(
                            CultureInfo.InvariantCulture, $"{file}: a pixel names colour {entry / 3}; the palette has {palette.Length / 3}"));
                    }

                    palette.Slice(entry, 3).CopyTo(result.AsSpan(target));
                }
                else if (head.Depth < 8)
                {
                    result[target] = (byte)(Sample(line, x, head.Depth) * 255 / ((1 << head.Depth) - 1));
                }
                else
                {
                    line.Slice(x * head.Samples, channels).CopyTo(result.AsSpan(target));
                }

                target += channels;
            }
        }

        return new Picture(head.Width, head.Height, channels, result);
    }

    private static int Sample(ReadOnlySpan<byte> line, int x, int depth)
    {
        var bit = x * depth;
        return (line[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = (crc >> 8) ^ CrcTable[(byte)crc ^ value];
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            table[i] = i;
            for (var bit = 0; bit < 8; bit++)
            {
                table[i] = (table[i] >> 1) ^ ((table[i] & 1) * Crc32Polynomial);
            }
        }

        return table;
    }

    private readonly record struct Header(int Width, int Height, int Depth, int Color)
    {
        /// <summary>Values a pixel has in the file.</summary>
        public int Samples => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

        public int LineBytes => ((Width * Samples * Depth) + 7) / 8;

        public static Header Read(string file, ReadOnlySpan<byte> data)
        {
            if (data.Length != 13)
            {
                throw new DataException($"{file}: the PNG's header has {data.Length} bytes, not 13");
            }

            var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(data), BinaryPrimitives.ReadUInt32BigEndian(data[4..]));
            var (depth, color, interlace) = (data[8], data[9], data[12]);
            Picture.CheckSize(file, width, height);
            var known = (color, depth) is (0 or 3, 1 or 2 or 4 or 8) or (2 or 4 or 6, 8);
            return known && interlace == 0 && data[10] == 0 && data[11] == 0
                ? new Header((int)width, (int)height, depth, color)
                : throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{file}: PNG of colour type {color}, {depth} bits{(interlace == 0 ? "" : ", interlaced")}; read are grey, colour and palette of up to 8 bits, not interlaced"));
        }
    }
}

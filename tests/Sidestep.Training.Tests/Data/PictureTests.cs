using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sidestep.Training.Tests.Data;

public sealed class PictureTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<int, int, int> Kinds => new()
    {
        { 0, 8, 0 }, { 0, 8, 1 }, { 0, 8, 2 }, { 0, 8, 3 }, { 0, 8, 4 }, { 2, 8, 0 }, { 2, 8, 1 }, { 2, 8, 4 }, { 6, 8, 3 }, { 4, 8, 4 },
        { 3, 8, 0 }, { 3, 4, 0 }, { 3, 2, 2 }, { 3, 1, 0 }, { 0, 1, 0 }, { 0, 2, 0 }, { 0, 4, 1 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Png_of_every_kind_and_filter_gives_the_pixels_back(int color, int depth, int filter)
    {
        const int width = 13, height = 9;
        var rng = new Rng(2, Purpose.Test, color, depth, filter);
        var samples = color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var values = new byte[width * height * samples];
        foreach (ref var value in values.AsSpan())
        {
            value = (byte)rng.Next(1 << depth);
        }

        var palette = Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 7)).ToArray();
        var file = _folder.Write("p.png", PngWriter.Write(width, height, color, depth, filter, values, color == 3 ? palette : null));
        var picture = Picture.Load(file);
        var channels = color is 2 or 3 or 6 ? 3 : 1;
        Assert.Equal((width, height, channels), (picture.Width, picture.Height, picture.Channels));
        for (var i = 0; i < width * height; i++)
        {
            var expected = color == 3 ? palette.AsSpan(3 * values[i], 3).ToArray()
                : depth < 8 ? [(byte)(values[i] * 255 / ((1 << depth) - 1))]
                : values.AsSpan(i * samples, channels).ToArray();
            Assert.Equal(expected, picture.Pixels.AsSpan(i * channels, channels).ToArray());
        }
    }

    [Fact]
    public void Png_cut_or_changed_anywhere_is_refused_and_never_anything_but_a_data_error()
    {
        var good = PngWriter.Write(8, 8, 2, 8, 1, new byte[192], null);
        for (var length = 0; length < good.Length; length++)
        {
            var cut = _folder.Write("cut.png", good[..length]);
            Assert.Throws<DataException>(() => Picture.Load(cut));
        }

        for (var at = 0; at < good.Length; at++)
        {
            var bytes = good.ToArray();
            bytes[at] ^= 0x04;
            var changed = _folder.Write("changed.png", bytes);
            Assert.Throws<DataException>(() => Picture.Load(changed));
        }
    }

    [Fact]
    public void Netpbm_is_read_with_comments_and_scaled_to_eight_bits()
    {
        var grey = Picture.Load(_folder.Write("g.pgm", [.. "P5 # made by hand\n2 2\n3\n"u8, 0, 1, 2, 3]));
        Assert.Equal([0, 85, 170, 255], grey.Pixels);
        var color = Picture.Load(_folder.Write("c.ppm", [.. "P6\n1 1\n255\n"u8, 7, 8, 9]));
        Assert.Equal((3, (byte)9), (color.Channels, color.Pixels[2]));
        Assert.Contains("cut off", Fails([.. "P6\n2 2\n255\n"u8, 1, 2]));
        Assert.Contains("65535", Fails([.. "P5\n1 1\n65535\n"u8, 1, 2]));
        Assert.Contains("header", Fails([.. "P5\n1 one\n"u8]));
        Assert.Contains("at most", Fails([.. "P5\n999999999 999999999\n255\n"u8]));
        Assert.Contains("neither P5 nor P6", Fails([.. "P2\n1 1\n255\n0\n"u8]));
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xD8, 0xFF, 0xE0 }, "is a JPEG")]
    [InlineData(new byte[] { 0x47, 0x49, 0x46, 0x38, 0x39 }, "is a GIF")]
    [InlineData(new byte[] { 1, 2, 3 }, "is no picture that is known")]
    [InlineData(new byte[0], "the file is empty")]
    public void Other_formats_are_refused_with_what_is_read(byte[] bytes, string why)
    {
        var message = Fails(bytes);
        Assert.Contains(why, message);
        Assert.Contains("PNG, PGM or PPM", message);
    }

    [Fact]
    public void Folder_becomes_classes_in_order_of_names_with_channels_as_planes()
    {
        Save("cat/1.png", 2, 1, 2, [1, 2, 3, 4, 5, 6]);
        Save("ant/7.png", 2, 1, 2, [10, 20, 30, 40, 50, 60]);
        Save("ant/8.png", 2, 1, 2, [9, 9, 9, 9, 9, 9]);
        var source = new PictureFolderSource(_folder.File("set"));
        Assert.Equal(["ant", "cat"], source.ClassNames().ToArray());
        var manifest = ShardImport.Run(source, _folder.File("out"), new ShardImportOptions { ClassNames = source.ClassNames() });
        Assert.Equal(new PictureShape(1, 2, 3), manifest.Picture);
        Assert.Equal([2L, 1], manifest.ClassCounts!.Value.ToArray());
        var (rows, labels) = DataFolder.ReadAll(_folder.Open(new ShardsSource(_folder.File("out")) { LabelMap = LabelMap.Classes }));
        var cat = rows[Array.IndexOf(labels, 1f)];
        Assert.Equal(new[] { 1, 4, 2, 5, 3, 6 }.Select(v => v * (1f / 255f)), cat);
    }

    [Fact]
    public void Picture_of_another_size_or_kind_is_refused_by_both_names()
    {
        Save("a/1.png", 3, 2, 0, new byte[6]);
        Save("b/2.png", 2, 2, 0, new byte[4]);
        var message = Fails<DataException>(new PictureFolderSource(_folder.File("set")));
        Assert.Contains("1.png", message);
        Assert.Contains("2.png", message);
        Assert.Contains("2x2 grey", message);
        Assert.Contains("3x2 grey", message);
        Save("b/2.png", 3, 2, 2, new byte[18]);
        Assert.Contains("--channels", Fails<DataException>(new PictureFolderSource(_folder.File("set"))));
        Assert.Equal(2, ShardImport.Run(new PictureFolderSource(_folder.File("set"), Channels: 1), _folder.File("grey"), new ShardImportOptions()).Rows);
    }

    [Fact]
    public void Folder_that_is_none_of_classes_is_refused()
    {
        Assert.Contains("there is no such file", Fails<DataException>(new PictureFolderSource(_folder.File("set"))));
        Save("a/1.png", 1, 1, 0, new byte[1]);
        Assert.Contains("at least 2 classes", Fails<DataException>(new PictureFolderSource(_folder.File("set"))));
        Directory.CreateDirectory(_folder.File("set/b"));
        Assert.Contains("holds no pictures", Fails<DataException>(new PictureFolderSource(_folder.File("set"))));
    }

    private string Fails(byte[] bytes)
    {
        var file = _folder.Write("picture", bytes);
        return Assert.Throws<DataException>(() => Picture.Load(file)).Message;
    }

    private string Fails<T>(DataSource source)
        where T : Exception => Assert.Throws<T>(() => ShardImport.Run(source, _folder.File("out"), new ShardImportOptions())).Message;

    private void Save(string name, int width, int height, int color, byte[] values)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File($"set/{name}"))!);
        _folder.Write($"set/{name}", PngWriter.Write(width, height, color, 8, 0, values, null));
    }
}

/// <summary>Writes PNG, for tests.</summary>
internal static class PngWriter
{
    public static byte[] Write(int width, int height, int color, int depth, int filter, byte[] values, byte[]? palette)
    {
        var samples = color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        var lineBytes = ((width * samples * depth) + 7) / 8;
        var raw = new byte[height, lineBytes];
        for (var i = 0; i < values.Length; i++)
        {
            var (row, bit) = (i / (width * samples), i % (width * samples) * depth);
            raw[row, bit / 8] |= (byte)(values[i] << (8 - depth - (bit % 8)));
        }

        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var step = Math.Max(1, samples * depth / 8);
            for (var row = 0; row < height; row++)
            {
                zlib.WriteByte((byte)filter);
                for (var i = 0; i < lineBytes; i++)
                {
                    int left = i < step ? 0 : raw[row, i - step], up = row == 0 ? 0 : raw[row - 1, i], corner = i < step || row == 0 ? 0 : raw[row - 1, i - step];
                    zlib.WriteByte((byte)(raw[row, i] - filter switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, _ => Paeth(left, up, corner) }));
                }
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        (head[8], head[9]) = ((byte)depth, (byte)color);
        Chunk(file, "IHDR", head);
        if (palette is not null)
        {
            Chunk(file, "PLTE", palette);
        }

        // In two pieces, as writers may.
        var data = packed.ToArray();
        Chunk(file, "IDAT", data[..(data.Length / 2)]);
        Chunk(file, "IDAT", data[(data.Length / 2)..]);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static int Paeth(int a, int b, int c)
    {
        var p = a + b - c;
        return Math.Abs(p - a) <= Math.Abs(p - b) && Math.Abs(p - a) <= Math.Abs(p - c) ? a : Math.Abs(p - b) <= Math.Abs(p - c) ? b : c;
    }

    private static void Chunk(Stream file, string type, byte[] data)
    {
        var bytes = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, data.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(bytes, 4);
        data.CopyTo(bytes, 8);
        uint crc = uint.MaxValue;
        foreach (var value in bytes.AsSpan(4, 4 + data.Length))
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8 + data.Length), ~crc);
        file.Write(bytes);
    }
}

using System.Buffers.Binary;
using System.IO.Compression;

namespace Sidestep.Cli.Tests;

/// <summary>Data files that cannot be used end with exit code 65 and a sentence that names file and place.</summary>
public sealed class BadDataTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Good_idx_files_train()
    {
        WriteIdx(60, label: i => i % 3);
        Assert.True(RunIdx() == 0, _bench.Errors);
    }

    [Fact]
    public void Missing_file_is_named() => Refused(RunIdx(), "images.gz");

    [Fact]
    public void Labels_out_of_range_are_named_with_their_row()
    {
        WriteIdx(60, label: i => i == 41 ? 7 : i % 3);
        Refused(RunIdx(), "labels.gz", "7");
    }

    [Fact]
    public void Wrong_magic_is_refused()
    {
        WriteIdx(60, label: i => i % 3);
        Change("images.gz", bytes => bytes[2] = 0x0B);
        Refused(RunIdx(), "images.gz");
    }

    [Fact]
    public void Truncated_contents_are_refused()
    {
        WriteIdx(60, label: i => i % 3);
        var bytes = Unpack("images.gz");
        Pack("images.gz", bytes[..^5]);
        Refused(RunIdx(), "images.gz");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(30)]
    public void Cut_gzip_files_are_refused(int missing)
    {
        WriteIdx(60, label: i => i % 3);
        var packed = File.ReadAllBytes(_bench.In("images.gz"));
        File.WriteAllBytes(_bench.In("images.gz"), packed[..^missing]);
        Refused(RunIdx(), "images.gz");
    }

    [Fact]
    public void Damaged_gzip_files_are_refused()
    {
        WriteIdx(60, label: i => i % 3);
        var packed = File.ReadAllBytes(_bench.In("images.gz"));
        packed[packed.Length / 2] ^= 0x55;
        File.WriteAllBytes(_bench.In("images.gz"), packed);
        Refused(RunIdx(), "images.gz");
    }

    [Theory]
    [InlineData("1,2,0\n3,4\n5,6,1\n", "row 2")]
    [InlineData("1,2,0\n3,NaN,1\n5,6,1\n", "row 2")]
    [InlineData("1,2,0\n3,4,1\n5,1e999,1\n", "row 3")]
    [InlineData("1,2,0\n3,x,1\n5,6,1\n", "row 2")]
    [InlineData("1,2,0\n3,4,9\n5,6,1\n", "9")]
    [InlineData("", "rows.csv")]
    public void Bad_tables_are_refused_with_the_row(string text, string expected)
    {
        _bench.Write("rows.csv", text);
        var spec = _bench.Write("csv.json", """
            {
              "version": 1,
              "data": { "kind": "csv", "file": "rows.csv", "classes": 2 },
              "objective": { "kind": "logistic" },
              "code": { "name": "uncoded", "workers": 2 },
              "optimizer": { "name": "sgd", "rate": 0.1 },
              "rounds": 2
            }
            """);
        Refused(_bench.Run("run", spec, "--out", _bench.In("out")), expected);
    }

    [Theory]
    [InlineData("+1 1:0.5 2:1\n-1 2:1 1:3\n", "2")]
    [InlineData("+1 1:0.5\n-1 9:1\n", "9")]
    [InlineData("+1 1:nan\n-1 1:1\n", "1")]
    public void Bad_sparse_rows_are_refused_with_the_row(string text, string expected)
    {
        _bench.Write("rows.txt", text);
        var spec = _bench.Write("libsvm.json", """
            {
              "version": 1,
              "data": { "kind": "libsvm", "file": "rows.txt", "features": 3, "classes": 2 },
              "objective": { "kind": "logistic" },
              "code": { "name": "uncoded", "workers": 2 },
              "optimizer": { "name": "sgd", "rate": 0.1 },
              "rounds": 2
            }
            """);
        Refused(_bench.Run("run", spec, "--out", _bench.In("out")), "rows.txt", expected);
    }

    private void Refused(int code, params string[] expected)
    {
        Assert.True(code == 65, $"{code}: {_bench.Errors}");
        Assert.All(expected, text => Assert.Contains(text, _bench.Errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", _bench.Errors, StringComparison.Ordinal);
        Assert.Empty(_bench.Output);
    }

    private int RunIdx()
    {
        var spec = _bench.Write("idx.json", """
            {
              "version": 1,
              "data": { "kind": "idx", "images": "images.gz", "labels": "labels.gz", "classes": 3 },
              "objective": { "kind": "softmax" },
              "code": { "name": "uncoded", "workers": 2 },
              "optimizer": { "name": "sgd", "rate": 0.1 },
              "rounds": 2
            }
            """);
        return _bench.Run("run", spec, "--out", _bench.In("out"));
    }

    private void WriteIdx(int count, Func<int, int> label)
    {
        var images = new byte[16 + (count * 16)];
        BinaryPrimitives.WriteInt32BigEndian(images, 2051);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(4), count);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(8), 4);
        BinaryPrimitives.WriteInt32BigEndian(images.AsSpan(12), 4);
        var rng = new Rng(1, Purpose.Test, 0, 0, 1);
        for (var i = 16; i < images.Length; i++)
        {
            images[i] = (byte)rng.Next(256);
        }

        var labels = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(labels, 2049);
        BinaryPrimitives.WriteInt32BigEndian(labels.AsSpan(4), count);
        for (var i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)label(i);
        }

        Pack("images.gz", images);
        Pack("labels.gz", labels);
    }

    private void Change(string file, Action<byte[]> change)
    {
        var bytes = Unpack(file);
        change(bytes);
        Pack(file, bytes);
    }

    private void Pack(string file, byte[] bytes)
    {
        using var packed = new GZipStream(File.Create(_bench.In(file)), CompressionLevel.Fastest);
        packed.Write(bytes);
    }

    private byte[] Unpack(string file)
    {
        using var packed = new GZipStream(File.OpenRead(_bench.In(file)), CompressionMode.Decompress);
        using var all = new MemoryStream();
        packed.CopyTo(all);
        return all.ToArray();
    }
}

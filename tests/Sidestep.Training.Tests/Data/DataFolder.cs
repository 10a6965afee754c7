using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Sidestep.Training.Tests.Data;

/// <summary>A folder for one test, with a cache beside the files.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sidestep-data-").FullName;

    public string Cache => Path.Combine(_root, "cache");

    public string File(string name) => Path.Combine(_root, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public Dataset Open(DataSource source) => DataCache.Open(source, Cache);

    public string Fails<T>(DataSource source)
        where T : Exception => Assert.Throws<T>(() => Open(source)).Message;

    public static byte[] Gzip(params string[] members)
    {
        using var all = new MemoryStream();
        foreach (var member in members)
        {
            using var gzip = new GZipStream(all, CompressionLevel.Optimal, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(member));
        }

        return all.ToArray();
    }

    public static byte[] Idx(uint magic, uint[] sizes, params byte[] content)
    {
        var bytes = new byte[4 + (4 * sizes.Length) + content.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        for (var d = 0; d < sizes.Length; d++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * d)), sizes[d]);
        }

        content.CopyTo(bytes, bytes.Length - content.Length);
        return bytes;
    }

    /// <summary>All rows of a data set, dense, by a reader of one partition.</summary>
    public static (float[][] Rows, float[] Labels) ReadAll(Dataset data)
    {
        var numbers = Enumerable.Range(0, (int)data.Count).Select(i => (long)i).ToArray();
        var pending = data.Rows(1).ReadAsync(0, numbers, default);
        Assert.True(pending.IsCompletedSuccessfully);
        var batch = pending.Result;
        var rows = new float[batch.Count][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Row(batch, i);
        }

        return (rows, batch.Labels.ToArray());
    }

    public static float[] Row(Batch batch, int i)
    {
        if (!batch.IsSparse)
        {
            return batch.Values.Slice(i * batch.Features, batch.Features).ToArray();
        }

        var row = new float[batch.Features];
        for (var k = batch.RowStarts.Span[i]; k < batch.RowStarts.Span[i + 1]; k++)
        {
            row[batch.Columns.Span[k]] = batch.Values.Span[k];
        }

        return row;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}

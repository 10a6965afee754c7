using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep.Training;

/// <summary>Cuts the rows that come in into shards, and finishes them when all are there: labels mapped, checksums, headers, manifest.</summary>
/// <remarks>The rows are written once, as they come. What is known only at the end (the classes, the number of features of sparse rows, the
/// fingerprint) is written into labels and headers by a second pass over those alone. Memory: that of one shard's output.</remarks>
internal sealed class ShardSink(string folder, long shardBytes, Func<string, Stream> create) : RowSink, IDisposable
{
    private readonly IncrementalHash _rowsHash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly LabelCensus _census = new();
    private readonly List<ShardHeader> _shards = [];
    private RowHeading _heading = null!;
    private ShardOutput? _output;
    private long _rows;
    private int _features;
    private long _told = Environment.TickCount64;
    private readonly float[] _one = new float[1];

    internal override long Count => _rows;

    /// <summary>Hears of progress.</summary>
    internal Action<ImportProgress>? Progress { get; init; }

    /// <summary>What was written; null before the end.</summary>
    internal ShardManifest? Manifest { get; private set; }

    /// <summary>Whether sparse rows have as many features as their largest column shows.</summary>
    internal bool DiscoverFeatures { get; init; }

    /// <summary>Names of the classes that the source knows beforehand.</summary>
    internal ImmutableArray<string>? ClassNames { get; set; }

    internal override void Begin(RowHeading heading) => (_heading, _features) = (heading, DiscoverFeatures ? 1 : heading.Features);

    internal override void Row(ReadOnlySpan<byte> body, ReadOnlySpan<byte> values, int entries, float label)
    {
        Output(1).Row(body, values, entries, label);
        _one[0] = label;
        Counted(_one);
        if (DiscoverFeatures && entries > 0)
        {
            // Columns increase, so the last is the largest.
            _features = Math.Max(_features, 1 + MemoryMarshal.Cast<byte, int>(body)[^1]);
        }
    }

    internal override void Rows(ReadOnlySpan<float> values, ReadOnlySpan<float> labels)
    {
        var stride = _heading.Stride;
        while (!labels.IsEmpty)
        {
            // As many rows as the open shard has room for, as if they came one by one.
            var output = Output(1);
            var room = Math.Max(1, (shardBytes - output.Length + stride + 3) / (stride + 4));
            var count = (int)Math.Min(labels.Length, room);
            output.RowsOf(values[..(count * _heading.Features)], labels[..count]);
            Counted(labels[..count]);
            values = values[(count * _heading.Features)..];
            labels = labels[count..];
        }
    }

    internal override void Reached(long read, long total)
    {
        if (Progress is { } progress && Environment.TickCount64 - _told >= 500)
        {
            _told = Environment.TickCount64;
            progress(new ImportProgress(_rows, read, total));
        }
    }

    internal override void Finish()
    {
        Close();
        var plan = _census.Decide(_heading, Words?.Invoke());
        var tail = new ShardFinish(folder, plan, _features, _heading.Format == RowFormat.Sparse);
        foreach (var shard in _shards)
        {
            tail.Labels(shard);
        }

        var fingerprint = tail.Fingerprint(_rowsHash.GetHashAndReset(), _heading.Format);
        var entries = _shards.Select(s => tail.Seal(s, fingerprint)).ToImmutableArray();
        var bytes = _heading.Format == RowFormat.Bytes;
        var manifest = new ShardManifest(
            ShardManifest.FormatName,
            1,
            _heading.Name,
            _rows,
            _features,
            plan.Classes,
            _heading.Format == RowFormat.Sparse ? "sparse" : "dense",
            bytes ? "uint8" : "float32",
            plan.Classes == 0 ? "value" : "class",
            fingerprint.ToString("x32", CultureInfo.InvariantCulture),
            entries)
        {
            Scale = bytes ? PixelKernels.Scale255 : null,
            LabelsFrom = ClassNames is null ? plan.From : null,
            Picture = Picture,
            ClassNames = plan.Names ?? ClassNames,
            ClassCounts = plan.Counts,
        };
        using var file = create(Path.Combine(folder, ShardManifest.FileName));
        file.Write(manifest.ToJson());
        file.Flush();
        Manifest = manifest;
    }

    public void Dispose()
    {
        _output?.Dispose();
        _rowsHash.Dispose();
    }

    internal static string FileOf(int index) => string.Create(CultureInfo.InvariantCulture, $"shard-{index:00000}.bin");

    private void Counted(ReadOnlySpan<float> labels)
    {
        _rows += labels.Length;
        if (_heading.Classes != 0)
        {
            _census.Take(labels);
        }
    }

    private ShardOutput Output(int rows)
    {
        if (_output is { } open && (open.Length >= shardBytes || open.Rows > int.MaxValue - 64 - rows))
        {
            Close();
        }

        return _output ??= new ShardOutput(create(Path.Combine(folder, FileOf(_shards.Count))), _heading.Format, _rowsHash);
    }

    private void Close()
    {
        if (_output is { } open)
        {
            _shards.Add(open.Finish(_shards.Count, _rows - open.Rows));
            open.Dispose();
            _output = null;
        }
    }
}

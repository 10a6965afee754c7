using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>How far an import is.</summary>
/// <param name="Rows">Rows so far.</param>
/// <param name="Read">Bytes (or pictures) of the source that were read.</param>
/// <param name="Total">Bytes (or pictures) of the source; 0: not known.</param>
public readonly record struct ImportProgress(long Rows, long Read, long Total);

/// <summary>Options of an import.</summary>
public sealed record ShardImportOptions
{
    /// <summary>Bytes after which a shard is closed: 64 KiB to 16 GiB; a shard has at least one row.</summary>
    public long ShardBytes { get; init; } = 128 << 20;

    /// <summary>Whether a data set that is there already is replaced.</summary>
    public bool Replace { get; init; }

    /// <summary>Whether sparse rows have as many features as their largest column shows, instead of those the source declares.</summary>
    public bool DiscoverFeatures { get; init; }

    /// <summary>The words of the classes, if the source's labels are their numbers; kept in the manifest.</summary>
    public ImmutableArray<string>? ClassNames { get; init; }

    /// <summary>Hears of progress about twice a second.</summary>
    public Action<ImportProgress>? Progress { get; init; }

    // Where a test makes the disk full.
    internal Func<string, Stream> Create { get; init; } = path =>
        new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
}

/// <summary>Turns any source into a folder of checksummed shards, which may be larger than memory.</summary>
/// <remarks>Streams: memory is bounded by one shard's labels and row starts, and 64 MiB for text. Written aside and renamed when all is on the disk:
/// what an interrupted import leaves has no manifest, a name that begins with a point, and is removed by a later import to the same place.
/// <code>var manifest = ShardImport.Run(new CsvSource("clicks.csv", Classes: ShardImport.Discover), "clicks", new ShardImportOptions());</code></remarks>
public static class ShardImport
{
    /// <summary>As a source's number of classes: as many as the labels show, words included.</summary>
    public const int Discover = RowHeading.Discover;

    private static readonly TimeSpan LeftoverAge = TimeSpan.FromHours(1);

    /// <summary>Imports.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="folder">The folder to write; must not exist, unless <see cref="ShardImportOptions.Replace"/>.</param>
    /// <param name="options">How.</param>
    /// <param name="stop">Ends it; nothing is left behind.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="DataException">The source cannot be used; names file, row and column.</exception>
    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    /// <exception cref="OperatingSystemException">The folder is there already or cannot be created (73), or writing fails, as on a full disk (74). Nothing is left behind.</exception>
    public static ShardManifest Run(DataSource source, string folder, ShardImportOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (options.ShardBytes is < 1 << 16 or > 1L << 34)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"a shard size of {options.ShardBytes} bytes; from {1 << 16} (64 KiB) to {1L << 34} (16 GiB)"));
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var aside = Prepare(full, options);
        try
        {
            var manifest = Write(source, aside, options, stop);
            Publish(aside, full, options.Replace);
            return manifest;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"{folder}: cannot be written: {error.Message}; nothing was left there", 74, error);
        }
        finally
        {
            Discard(aside);
        }
    }

    private static ShardManifest Write(DataSource source, string aside, ShardImportOptions options, CancellationToken stop)
    {
        using var sink = new ShardSink(aside, options.ShardBytes, options.Create)
        {
            DiscoverFeatures = options.DiscoverFeatures,
            ClassNames = options.ClassNames,
            Progress = options.Progress,
        };
        var writer = new DatasetWriter(sink);
        source.Decode(writer, stop);
        writer.Finish();
        Os.SyncDirectory(aside);
        return sink.Manifest!;
    }

    private static string Prepare(string full, ShardImportOptions options)
    {
        if (!options.Replace && (Directory.Exists(full) || File.Exists(full)))
        {
            throw new OperatingSystemException($"{full} is there already: choose another folder with --out, or replace it with --force", 73);
        }

        if (options.Replace && Directory.Exists(full) && !File.Exists(Path.Combine(full, ShardManifest.FileName)) && Directory.EnumerateFileSystemEntries(full).Any())
        {
            throw new OperatingSystemException($"{full} holds other files and no {ShardManifest.FileName}; only an imported data set is replaced", 73);
        }

        var parent = Path.GetDirectoryName(full) ?? throw new OperatingSystemException($"{full} is no folder to import to", 73);
        var aside = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $".{Path.GetFileName(full)}.{Guid.NewGuid():n}.part"));
        try
        {
            Directory.CreateDirectory(parent);
            foreach (var left in Directory.EnumerateDirectories(parent, $".{Path.GetFileName(full)}.*.part"))
            {
                if (DateTime.UtcNow - Directory.GetLastWriteTimeUtc(left) > LeftoverAge)
                {
                    Directory.Delete(left, recursive: true);
                }
            }

            Directory.CreateDirectory(aside);
            return aside;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"{full} cannot be created: {error.Message}", 73, error);
        }
    }

    private static void Publish(string aside, string full, bool replace)
    {
        if (replace && Directory.Exists(full))
        {
            // The old one goes aside first, so that there is no moment with a mixture of both.
            var old = aside[..^5] + "-old.part";
            Directory.Move(full, old);
            Directory.Move(aside, full);
            Directory.Delete(old, recursive: true);
        }
        else
        {
            Directory.Move(aside, full);
        }

        Os.SyncDirectory(Path.GetDirectoryName(full)!);
    }

    private static void Discard(string aside)
    {
        try
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The error that made us give up matters more; the name says that this is no data set.
            _ = error;
        }
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Sidestep.Training;

/// <summary>Decodes a source once into a file that all processes of a machine map and share.</summary>
/// <remarks>The file's name is the SHA-256 of (format version, source type (with its build, if it is a program's own), options, each file's absolute
/// path, length and time), so a changed source gets a new file. Files are written aside and renamed, and never changed after: readers see a whole file or none.
/// Nothing is deleted but leftovers of crashed writers; the folder may be emptied at any time.</remarks>
public static class DataCache
{
    private static readonly TimeSpan LockPatience = TimeSpan.FromMinutes(2);

    /// <summary>XDG_CACHE_HOME, or ~/.cache, or the folder for temporary files; then <c>sidestep</c>.</summary>
    public static string DefaultFolder
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var root = Path.IsPathFullyQualified(cache ?? "") ? cache!
                : home.Length > 0 ? Path.Combine(home, ".cache")
                : Path.GetTempPath();
            return Path.Combine(root, "sidestep");
        }
    }

    /// <summary>Opens a source, decoding it if no other opener has. Safe to call from many threads and processes at once; one decodes, the rest wait.</summary>
    /// <param name="source">What to open.</param>
    /// <param name="cacheFolder">Where decoded files lie; created if missing.</param>
    /// <param name="stop">Cancels decoding and waiting.</param>
    /// <returns>The data set. Cost when already decoded: one pass over the file for its checksum.</returns>
    /// <exception cref="DataException">The source cannot be used, or changed while it was read.</exception>
    /// <exception cref="ConfigurationException">An option of the source is out of range.</exception>
    /// <exception cref="OperatingSystemException">The folder cannot be created or written (exit code 73) or writing fails, as on a full disk (74).</exception>
    public static Dataset Open(DataSource source, string cacheFolder, CancellationToken stop = default)
    {
        if (source.OpenInPlace() is { } inPlace)
        {
            return inPlace;
        }

        var files = source.Files().Select(DataFile.Stat).ToArray();
        var path = Path.Combine(Path.GetFullPath(cacheFolder), Key(source, files) + ".data");
        if (TryMap(path) is { } ready)
        {
            return ready;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (Lock(path + ".lock", stop))
            {
                if (TryMap(path) is { } other)
                {
                    return other;
                }

                Write(source, path, stop);
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            var exit = Directory.Exists(cacheFolder) && error is not UnauthorizedAccessException ? 74 : 73;
            throw new OperatingSystemException($"{path}: the cache of decoded data cannot be written: {error.Message}; choose another cache folder", exit, error);
        }

        if (!files.AsSpan().SequenceEqual(source.Files().Select(DataFile.Stat).ToArray()))
        {
            File.Delete(path);
            throw new DataException($"{string.Join(", ", source.Files())}: changed while being read; start again when the files are complete");
        }

        return TryMap(path) ?? throw new OperatingSystemException($"{path}: differs from what was just written; the disk may be damaged", 74);
    }

    private static string Key(DataSource source, DataFile[] files)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{DatasetHeader.Version}\n{source.GetType().FullName}\n{source.Options()}\n");

        // A program's own source is rewritten more often than its options tell; the built-in ones keep their files from build to build.
        if (source.GetType().Assembly != typeof(DataCache).Assembly)
        {
            text.Append(CultureInfo.InvariantCulture, $"{source.GetType().Module.ModuleVersionId}\n");
        }

        foreach (var file in files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{file}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Maps a file; null if it is missing, damaged or of another version.</summary>
    private static Dataset? TryMap(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: >= DatasetHeader.RowsOffset } ? Dataset.TryOpen(new MappedStore(path)) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Write(DataSource source, string path, CancellationToken stop)
    {
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.{Guid.NewGuid():n}.part");
        RemoveLeftovers(path);
        try
        {
            using (var output = new FileStream(aside, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 18))
            {
                var writer = new DatasetWriter(output);
                source.Decode(writer, stop);
                writer.Finish();
                output.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static void RemoveLeftovers(string path)
    {
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*.part"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > TimeSpan.FromHours(1))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Takes a lock that the operating system drops when its holder dies. After the patience it goes on without: renaming keeps that sound.</summary>
    private static FileStream? Lock(string path, CancellationToken stop)
    {
        for (var started = Environment.TickCount64; Environment.TickCount64 - started < LockPatience.TotalMilliseconds;)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                stop.WaitHandle.WaitOne(20);
            }
        }

        return null;
    }
}

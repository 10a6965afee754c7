using System.Globalization;

namespace Sidestep.Training;

/// <summary>What a data file is, as far as a cache key needs it.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="ModifiedTicks">When it was last written (UTC ticks).</param>
internal readonly record struct DataFile(string Path, long Length, long ModifiedTicks)
{
    /// <summary>Looks at a file.</summary>
    /// <exception cref="DataException">It is missing; names what lies beside it.</exception>
    internal static DataFile Stat(string path)
    {
        try
        {
            var info = new FileInfo(path);
            return info.Exists
                ? new DataFile(info.FullName, info.Length, info.LastWriteTimeUtc.Ticks)
                : throw Unreadable(path, new FileNotFoundException());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, error);
        }
    }

    internal static DataException Unreadable(string path, Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => new DataException($"{path}: there is no such file{Nearby(path)}"),
        UnauthorizedAccessException => new DataException($"{path}: may not be read: a folder, or not permitted"),
        _ => new DataException($"{path}: cannot be read: {error.Message}"),
    };

    /// <summary>For text and the key: path, length and time.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Path}|{Length}|{ModifiedTicks}");

    private static string Nearby(string path)
    {
        var other = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path + ".gz";
        if (File.Exists(other))
        {
            return $"; there is {other}";
        }

        var folder = System.IO.Path.GetDirectoryName(path);
        return string.IsNullOrEmpty(folder) || Directory.Exists(folder) ? "" : $", nor the folder {folder}";
    }
}

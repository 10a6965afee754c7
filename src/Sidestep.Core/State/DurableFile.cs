namespace Sidestep;

/// <summary>Files that are there whole or not at all, also after a power failure.</summary>
public static class DurableFile
{
    /// <summary>Writes a temporary file in the same directory, syncs it, renames it over the old file, and syncs the directory.</summary>
    /// <remarks>When it returns the file is on the disk. Only the owner may read it.</remarks>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="write">Writes the contents; whatever it throws leaves the old file untouched and no other behind.</param>
    /// <exception cref="OperatingSystemException">The file could not be created (73), or not be written, synced or renamed (74).</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(full) ?? full;
        var temporary = Path.Combine(directory, $".{Path.GetFileName(full)}.{Guid.NewGuid():n}.tmp");
        var created = false;
        try
        {
            using (var stream = Create(temporary))
            {
                created = true;
                write(stream);
                stream.Flush();
                Os.Sync(stream.SafeFileHandle, temporary);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"cannot write {full}: {e.Message}", created ? 74 : 73, e);
        }
        finally
        {
            Discard(temporary);
        }

        Os.SyncDirectory(directory);
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 1 << 16,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    // Nothing is there after a rename. If the file cannot be deleted, the error that made us give up matters more.
    private static void Discard(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _ = e;
        }
    }
}

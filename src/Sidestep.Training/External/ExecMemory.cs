using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Memory for bulk data: a mapped temporary file that a child maps too, or private memory whose contents go through pipes.</summary>
/// <remarks>The file lies in memory (<c>/dev/shm</c>) where there is such a folder, only its owner can read it, and its name is removed as soon as
/// both sides have mapped it: only a process killed in that moment leaves it behind.</remarks>
internal sealed unsafe class ExecMemory : IDisposable
{
    private const string InMemory = "/dev/shm";

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;

    private ExecMemory(string path, FileStream stream, long length)
    {
        (Path, Length) = (path, length);
        _file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    private ExecMemory(long length)
    {
        (Path, Length) = (string.Empty, length);
        _start = (byte*)NativeMemory.AllocZeroed((nuint)length);
    }

    ~ExecMemory() => Free();

    /// <summary>Name of the file; empty: the memory is not shared.</summary>
    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>Whether a child can map it.</summary>
    public bool IsShared => Path.Length > 0;

    /// <summary>Memory in a file where that is possible, else private memory.</summary>
    public static ExecMemory Create(long length, bool shared)
    {
        foreach (var folder in (ReadOnlySpan<string>)(shared ? [InMemory, System.IO.Path.GetTempPath()] : []))
        {
            if (Directory.Exists(folder) && TryMap(folder, length) is { } memory)
            {
                return memory;
            }
        }

        return new ExecMemory(length);
    }

    /// <summary>Elements at an offset.</summary>
    public Span<T> Span<T>(long offset, int count)
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - ((long)count * sizeof(T)));
        return new Span<T>(_start + offset, count);
    }

    /// <summary>Removes the file's name; the memory stays.</summary>
    public void Unlink()
    {
        if (!IsShared)
        {
            return;
        }

        try
        {
            File.Delete(Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A system that keeps names of open files: it goes with the temporary folder.
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private static ExecMemory? TryMap(string folder, long length)
    {
        var path = System.IO.Path.Combine(folder, $"sidestep-{Guid.NewGuid():n}");
        FileStream? stream = null;
        try
        {
            // Allocated ahead: a file system that runs full later would end this process by a signal.
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
                PreallocationSize = length,
            };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            stream = new FileStream(path, options);
            stream.SetLength(length);
            return new ExecMemory(path, stream, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            File.Delete(path);
            return null;
        }
    }

    private void Free()
    {
        if (_start == null)
        {
            return;
        }

        if (_view is null)
        {
            NativeMemory.Free(_start);
        }
        else
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file!.Dispose();
        }

        _start = null;
    }
}

using System.IO.MemoryMappedFiles;

namespace Sidestep.Training;

/// <summary>A whole file mapped read-only; processes that map the same file share its pages. Unmapped when unreachable.</summary>
internal sealed unsafe class MappedStore : ByteStore
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    internal MappedStore(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = stream.Length;
        _file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    ~MappedStore()
    {
        // Safe handles are finalized after ordinary objects, so the handle is still there.
        if (_start != null)
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    internal override long Length { get; }

    internal override ReadOnlySpan<byte> View(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - length);
        return new ReadOnlySpan<byte>(_start + offset, length);
    }

    /// <summary>Says that the file will be read here and there.</summary>
    internal void AdviseRandomReads() => Os.AdviseRandomReads(_start, Length);

    /// <summary>Says that bytes are about to be read, so that they come from the disk in one go.</summary>
    internal void WillRead(long offset, long length) => Os.AdviseRead(_start, offset, length);

    /// <summary>Gives the resident pages back; they come back when they are read again.</summary>
    internal void Release()
    {
        Os.ReleasePages(_start, Length);
        GC.KeepAlive(this);
    }
}

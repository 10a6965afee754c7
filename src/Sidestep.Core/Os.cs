using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sidestep;

/// <summary>All that differs between operating systems. Linux and macOS in full; Windows with what the base library offers.</summary>
/// <remarks>Files are synced by own calls since the base library of .NET 10 has reported success for failed syncs, and cannot sync directories.</remarks>
public static partial class Os
{
    private const int Interrupted = 4;
    private const int BadDescriptor = 9;
    private const int NoSuchProcess = 3;
    private const int SignalKill = 9;
    private const int InvalidArgument = 22;
    private const int NotForThisFile = 25;
    private const int MacNotSupported = 45;
    private const int MacFullSync = 51;
    private const int LinuxCloseOnExec = 0x80000;
    private const int MacCloseOnExec = 0x1000000;
    private const int AdviseRandom = 1;
    private const int AdviseSoon = 3;
    private const int AdviseRelease = 4;
    private const int AdviseSmallPages = 15;

    private static readonly SafeFileHandle? MemoryCounters = OperatingSystem.IsLinux() ? OpenCounters() : null;

    /// <summary>Cores this process may use, container limits included.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>Bytes of memory this process has resident now.</summary>
    /// <remarks>On Linux without allocation, in about a microsecond: it may be asked often.</remarks>
    public static long ResidentBytes
    {
        get
        {
            if (MemoryCounters is not { } counters)
            {
                return Environment.WorkingSet;
            }

            // Pages: total, resident, …
            Span<byte> text = stackalloc byte[128];
            text = text[..RandomAccess.Read(counters, text, 0)];
            text = text[(text.IndexOf((byte)' ') + 1)..];
            return Utf8Parser.TryParse(text, out long pages, out _) ? pages * Environment.SystemPageSize : Environment.WorkingSet;
        }
    }

    /// <summary>Most bytes of memory this process ever had resident.</summary>
    public static long PeakResidentBytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return Math.Max(process.PeakWorkingSet64, Environment.WorkingSet);
        }
    }

    /// <summary>Returns when a file's contents are on the disk.</summary>
    /// <param name="file">The file; its writer must have flushed its own buffers.</param>
    /// <param name="path">Its name, for the message.</param>
    /// <exception cref="OperatingSystemException">The disk did not take it (74): the file must be given up, not synced again.</exception>
    public static void Sync(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        var added = false;
        try
        {
            file.DangerousAddRef(ref added);
            Require(SyncDescriptor((int)file.DangerousGetHandle()), $"cannot sync {path}");
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Returns when a directory's entries (a rename) are on the disk. Nothing to do on Windows.</summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="OperatingSystemException">It cannot be opened or synced (74).</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = open(path, OperatingSystem.IsMacOS() ? MacCloseOnExec : LinuxCloseOnExec);
        Require(descriptor < 0 ? Marshal.GetLastPInvokeError() : 0, $"cannot open the directory {path}");
        var error = SyncDescriptor(descriptor);
        _ = close(descriptor);
        Require(error, $"cannot sync the directory {path}");
    }

    /// <summary>Ends a process at once, without a chance to clean up (SIGKILL).</summary>
    /// <param name="process">Its id; greater than 1.</param>
    /// <returns>False: there is no such process.</returns>
    /// <exception cref="OperatingSystemException">The system refused (71).</exception>
    public static bool Kill(int process)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(process, 1);
        if (OperatingSystem.IsWindows())
        {
            return KillOnWindows(process);
        }

        if (kill(process, SignalKill) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw Failure($"cannot kill process {process}", error, 71);
    }

    /// <summary>Sleeps at least this long, and on an idle core hardly 0.1 ms longer (the base library counts in whole milliseconds). On Windows whole milliseconds.</summary>
    /// <param name="length">Nothing happens unless it is positive; less than a day.</param>
    public static void Sleep(TimeSpan length)
    {
        if (length <= TimeSpan.Zero)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep((int)Math.Ceiling(length.TotalMilliseconds));
            return;
        }

        var wanted = new SleepTime { Seconds = (nint)(length.Ticks / TimeSpan.TicksPerSecond), Nanoseconds = (nint)(length.Ticks % TimeSpan.TicksPerSecond * 100) };
        while (nanosleep(wanted, out var left) != 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            wanted = left;
        }
    }

    /// <summary>Proves that syncing works and that its failures are seen; call once at start-up before trusting a snapshot.</summary>
    /// <param name="directory">Where snapshots will be.</param>
    /// <exception cref="OperatingSystemException">They would not be safe here (71).</exception>
    public static void SelfTest(string directory)
    {
        if (!OperatingSystem.IsWindows())
        {
            // The first native call may report a wrong error number: one to warm up, one to check.
            _ = SyncDescriptor(-1);
            var error = SyncDescriptor(-1);
            if (error != BadDescriptor)
            {
                throw new OperatingSystemException(
                    $"syncing a file that is not open must fail with error {BadDescriptor}, but gave {error}: snapshots would not be safe");
            }
        }

        var probe = Path.Combine(directory, $".sidestep-probe.{Guid.NewGuid():n}.tmp");
        try
        {
            using var file = File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write, options: FileOptions.DeleteOnClose);
            RandomAccess.Write(file, "probe"u8, 0);
            Sync(file, probe);
            SyncDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OperatingSystemException($"cannot write snapshots to {directory}: {e.Message}", 73, e);
        }
    }

    /// <summary>Says how a mapped file will be read: here and there, a few pages at a time. Only advice: nothing is promised where the system has none to take.</summary>
    /// <param name="start">The first byte, at the start of a page.</param>
    /// <param name="length">Bytes.</param>
    public static unsafe void AdviseRandomReads(void* start, long length)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _ = madvise(start, (nuint)length, AdviseRandom);
        if (OperatingSystem.IsLinux())
        {
            // A page of 2 MiB would become resident for a row of a few bytes.
            _ = madvise(start, (nuint)length, AdviseSmallPages);
        }
    }

    /// <summary>Says that a part of a mapped file is about to be read, so that it comes from the disk in one go. Only advice.</summary>
    /// <param name="start">The first byte of the file, at the start of a page.</param>
    /// <param name="offset">The part's first byte.</param>
    /// <param name="length">The part's bytes.</param>
    public static unsafe void AdviseRead(void* start, long offset, long length)
    {
        if (!OperatingSystem.IsWindows())
        {
            var page = offset & -Environment.SystemPageSize;
            _ = madvise((byte*)start + page, (nuint)(offset + length - page), AdviseSoon);
        }
    }

    /// <summary>Gives the resident pages of a file that is mapped read-only back to the system. They are still mapped: reading them brings them back.</summary>
    /// <param name="start">The first byte, at the start of a page.</param>
    /// <param name="length">Bytes.</param>
    /// <returns>Whether they are gone now: on Linux. macOS may keep them until memory is short; Windows is not asked.</returns>
    public static unsafe bool ReleasePages(void* start, long length) =>
        !OperatingSystem.IsWindows() && madvise(start, (nuint)length, AdviseRelease) == 0 && OperatingSystem.IsLinux();

    private static SafeFileHandle? OpenCounters()
    {
        try
        {
            return File.OpenHandle("/proc/self/statm");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool KillOnWindows(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    // 0, or the error number. A failed sync is not tried again: the kernel may have dropped the pages.
    private static int SyncDescriptor(int descriptor)
    {
        while (true)
        {
            if ((OperatingSystem.IsMacOS() ? FullSync(descriptor) : fsync(descriptor)) == 0)
            {
                return 0;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                return error;
            }
        }
    }

    // On macOS fsync leaves the data in the drive's cache; file systems without a full sync say that they have none.
    private static int FullSync(int descriptor)
    {
        var result = fcntl(descriptor, MacFullSync);
        return result != 0 && Marshal.GetLastPInvokeError() is (MacNotSupported or InvalidArgument or NotForThisFile)
            ? fsync(descriptor)
            : result;
    }

    private static void Require(int error, string what)
    {
        if (error != 0)
        {
            throw Failure(what, error, 74);
        }
    }

    private static OperatingSystemException Failure(string what, int error, int exitCode) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(error)} (error {error})", exitCode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int nanosleep(in SleepTime wanted, out SleepTime left);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int madvise(void* start, nuint length, int advice);

    // struct timespec of 64-bit Linux and macOS.
    private struct SleepTime
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}

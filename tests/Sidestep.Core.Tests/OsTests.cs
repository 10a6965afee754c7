using System.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace Sidestep.Tests;

public sealed class OsTests
{
    [Fact]
    public void SelfTest_ordinary_directory_passes_and_leaves_nothing()
    {
        var directory = Directory.CreateTempSubdirectory("sidestep-os-");
        Os.SelfTest(directory.FullName);
        Assert.Empty(directory.GetFiles());
        directory.Delete();
    }

    [Fact]
    public void SelfTest_missing_directory_is_an_operating_system_error() =>
        Assert.Throws<OperatingSystemException>(() => Os.SelfTest(Path.Combine(Path.GetTempPath(), "sidestep-not-there")));

    [Fact]
    public void SyncDirectory_missing_directory_is_an_operating_system_error()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var error = Assert.Throws<OperatingSystemException>(() => Os.SyncDirectory("/sidestep/not/there"));
        Assert.Contains("/sidestep/not/there", error.Message, StringComparison.Ordinal);
        Assert.Equal(74, error.ExitCode);
    }

    [Fact]
    public void Sync_file_that_is_not_open_is_an_operating_system_error()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = new SafeFileHandle(1_000_000, ownsHandle: false);
        Assert.Equal(74, Assert.Throws<OperatingSystemException>(() => Os.Sync(handle, "x")).ExitCode);
    }

    [Fact]
    public void Kill_running_process_ends_it_and_a_second_time_finds_none()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var process = Process.Start("sleep", "60");
        Assert.True(Os.Kill(process.Id));
        process.WaitForExit();
        Assert.Equal(128 + 9, process.ExitCode);
        Assert.False(Os.Kill(process.Id));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void Kill_process_groups_and_init_are_refused(int process) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Os.Kill(process));

    [Fact]
    public void ResidentBytes_is_read_without_allocation_and_near_what_the_base_library_says()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _ = Os.ResidentBytes;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var measured = Os.ResidentBytes;
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.InRange(measured, Environment.WorkingSet / 2, Environment.WorkingSet * 2);
    }

    [Fact]
    public unsafe void ReleasePages_of_a_mapped_file_keeps_its_contents()
    {
        var path = Path.GetTempFileName();
        var bytes = Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 7)).ToArray();
        File.WriteAllBytes(path, bytes);
        using (var file = System.IO.MemoryMappedFiles.MemoryMappedFile.CreateFromFile(path))
        using (var view = file.CreateViewAccessor(0, 0, System.IO.MemoryMappedFiles.MemoryMappedFileAccess.Read))
        {
            byte* start = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            Os.AdviseRandomReads(start, bytes.Length);
            Os.AdviseRead(start, 5000, 70_000);
            Assert.True(new ReadOnlySpan<byte>(start, bytes.Length).SequenceEqual(bytes));
            Assert.Equal(OperatingSystem.IsLinux(), Os.ReleasePages(start, bytes.Length));
            Assert.True(new ReadOnlySpan<byte>(start, bytes.Length).SequenceEqual(bytes));
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }

        File.Delete(path);
    }

    [Fact]
    public void Memory_and_cores_are_plausible()
    {
        Assert.InRange(Os.ResidentBytes, 1 << 20, 1L << 40);
        Assert.True(Os.PeakResidentBytes >= 1 << 20);
        Assert.True(Os.Cores >= 1);
    }
}

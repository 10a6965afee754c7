using System.Globalization;

namespace Sidestep.Training.Tests.Data;

public sealed class ResidentPagesTests : IDisposable
{
    private readonly ShardBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Pages_of_shards_are_given_back_before_the_limit_is_passed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // 96 MB of rows; the limit leaves 40 MiB for them.
        const int features = 1000;
        _bench.Import(new GaussianMixtureSource(24_000, features, 2, 1, Seed: 1), shardBytes: 16 << 20);
        GC.Collect();
        ResidentPages.ReleaseAll();
        var limit = Os.ResidentBytes + (40 << 20);
        var data = _bench.Folder.Open(new ShardsSource(_bench.Folder.File("shards")) { Resident = limit });
        var rows = data.Rows(1);
        var (numbers, rng, most) = (new long[8], new Rng(3, Purpose.Test, 0, 0, 0), 0L);
        for (var turn = 0; turn < 6000; turn++)
        {
            foreach (ref var number in numbers.AsSpan())
            {
                number = rng.Next((int)data.Count);
            }

            _ = rows.ReadAsync(0, numbers, default);
            if (turn % 50 == 0)
            {
                most = Math.Max(most, MappedResident(_bench.Folder.File("shards")));
            }
        }

        Assert.InRange(most, 1 << 20, 40 << 20);
    }

    [Fact]
    public void Limit_below_what_the_process_has_is_refused_with_the_nearest()
    {
        _bench.Import(_bench.Source(RowFormat.Floats));
        var error = Assert.Throws<ConfigurationException>(() => _bench.Folder.Open(new ShardsSource(_bench.Folder.File("shards")) { Resident = 1_000_000 }));
        Assert.Contains("resident is 1MB, but this process has", error.Message);
        Assert.Contains("at least", error.Message);
    }

    [Fact]
    public void Default_limit_goes_with_any_process()
    {
        _bench.Import(_bench.Source(RowFormat.Floats));
        Assert.Equal(3000, _bench.Open().Count);
    }

    // Resident bytes of the mappings of a folder's files, as the kernel counts them.
    private static long MappedResident(string folder)
    {
        var (bytes, inside) = (0L, false);
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            var key = line.Split(' ', 2)[0];
            if (!key.EndsWith(':'))
            {
                inside = line.Contains(folder, StringComparison.Ordinal);
            }
            else if (inside && key == "Rss:")
            {
                bytes += 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
            }
        }

        return bytes;
    }
}

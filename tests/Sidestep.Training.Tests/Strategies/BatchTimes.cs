using System.Globalization;
using System.IO.Compression;
using Sidestep.Simulation;

namespace Sidestep.Training.Tests.Strategies;

/// <summary>Mini-batch times of a real job: round k of worker j takes what its k-th mini-batch took; messages take a stated time.</summary>
internal sealed class BatchTimes(double[][] times, int partsOfWorker, TimeSpan latency = default) : ISimTiming
{
    public int Rounds => times.Min(t => t.Length);

    /// <summary>Reads a job, or null where the data are not there.</summary>
    public static double[][]? Read(int job)
    {
        var folder = Environment.GetEnvironmentVariable("SIDESTEP_DATA");
        var path = Path.Combine(folder ?? string.Empty, "traces", "pai-minibatch", $"job_{job}_norm.csv.gz");
        if (folder is null || !File.Exists(path))
        {
            return null;
        }

        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        text.ReadLine();
        var times = Enumerable.Range(0, 10).Select(_ => new List<double>()).ToArray();
        while (text.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            times[int.Parse(cells[1], CultureInfo.InvariantCulture)].Add(double.Parse(cells[4], CultureInfo.InvariantCulture));
        }

        return [.. times.Select(t => t.ToArray())];
    }

    /// <summary>What waiting for all takes, in the same unit.</summary>
    public double Slowest(long round) => times.Max(t => t[round]);

    public TimeSpan? Latency(in Message message) => latency;

    public TimeSpan? Duration(int slot, Work work) =>
        slot < 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(times[slot][work.Round] * work.Cost / Work.PerPartition / partsOfWorker);
}

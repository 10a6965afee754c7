using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;

namespace Sidestep.Hosting;

/// <summary>Mini-batch times of the workers of a job that somebody ran: row k of a worker is its k-th mini-batch.</summary>
/// <param name="Name">The job.</param>
/// <param name="Times">Times by worker and round; every worker has as many.</param>
public sealed record JobTrace(string Name, ImmutableArray<ImmutableArray<TimeSpan>> Times)
{
    private const string WorkerColumn = "worker", TimeColumn = "batch_time_norm";

    /// <summary>Rounds that all workers have.</summary>
    public int Rounds => Times[0].Length;

    /// <summary>The median over all workers and rounds.</summary>
    public TimeSpan Median
    {
        get
        {
            var all = Times.SelectMany(t => t).Order().ToArray();
            return all[all.Length / 2];
        }
    }

    /// <summary>Reads a table with columns <c>worker</c> and <c>batch_time_norm</c>, plain or in gzip, as in the mini-batch times of the Alibaba GPU trace of 2020.
    /// A unit of the normed time (the job's longest is 1000) counts as a millisecond.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It cannot be read, a column is missing, or a row is wrong; says which.</exception>
    public static JobTrace Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var text = new StreamReader(path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file);
            var name = Path.GetFileName(path);
            return new JobTrace(name[..name.IndexOf('.', StringComparison.Ordinal)], Read(text, path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }
    }

    private static ImmutableArray<ImmutableArray<TimeSpan>> Read(StreamReader text, string path)
    {
        var header = (text.ReadLine() ?? string.Empty).Split(',');
        var (workerAt, timeAt) = (Array.IndexOf(header, WorkerColumn), Array.IndexOf(header, TimeColumn));
        if (workerAt < 0 || timeAt < 0)
        {
            throw new DataException($"{path}, line 1: the columns '{WorkerColumn}' and '{TimeColumn}' are needed, there are: {string.Join(", ", header)}");
        }

        var times = new SortedDictionary<int, List<TimeSpan>>();
        for (var line = 2; text.ReadLine() is { } row; line++)
        {
            var cells = row.Split(',');
            if (cells.Length != header.Length
                || !int.TryParse(cells[workerAt], NumberStyles.None, CultureInfo.InvariantCulture, out var worker)
                || !double.TryParse(cells[timeAt], NumberStyles.Float, CultureInfo.InvariantCulture, out var time)
                || !(time > 0 && time <= 1e6))
            {
                throw new DataException($"{path}, line {line}: '{row}' is not a row with a worker's number and a positive time");
            }

            (times.TryGetValue(worker, out var own) ? own : times[worker] = []).Add(TimeSpan.FromMilliseconds(time));
        }

        // The rows of a worker that has more than the others match the others' from the start.
        var rounds = times.Count == 0 ? 0 : times.Values.Min(own => own.Count);
        return rounds > 0 && times.Count > 1
            ? [.. times.Values.Select(own => own.Take(rounds).ToImmutableArray())]
            : throw new DataException($"{path} has rows of {times.Count} workers; at least two are needed");
    }
}

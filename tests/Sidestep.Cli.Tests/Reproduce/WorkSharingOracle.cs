namespace Sidestep.Cli.Tests.Reproduce;

/// <summary>What sharing a round's work in chunks can reach at most without messages: an event simulation of its own, nothing of the product in it.</summary>
/// <remarks>Worker j needs times[j][k] / chunks for any chunk in round k. It takes its own chunks first, then, one at a time, the last untouched chunk of the worker with
/// the most time before it, then repeats the chunk that would be ready last, if it is faster. A round ends with the last chunk; what is under way then is given up.</remarks>
internal static class WorkSharingOracle
{
    /// <summary>Time of all rounds.</summary>
    public static double Play(double[][] times, int chunks) => Enumerable.Range(0, times[0].Length).Sum(k => Round([.. times.Select(t => t[k] / chunks)], chunks));

    /// <summary>Time of a round if work were divisible at will: nothing is faster.</summary>
    public static double Bound(double[][] times) => Enumerable.Range(0, times[0].Length).Sum(k => times.Length / times.Sum(t => 1 / t[k]));

    private static double Round(double[] step, int chunks)
    {
        var workers = step.Length;
        var untouched = Enumerable.Repeat(chunks, workers).ToArray();
        var ready = new Dictionary<(int Owner, int Chunk), double>();
        var free = new PriorityQueue<int, (double, int)>(Enumerable.Range(0, workers).Select(w => (w, (0.0, w))));
        while (free.TryDequeue(out var worker, out var at))
        {
            var now = at.Item1;
            var owner = untouched[worker] > 0 ? worker : Enumerable.Range(0, workers).MaxBy(w => untouched[w] * step[w]);
            (int, int) chunk;
            if (untouched[owner] > 0)
            {
                chunk = (owner, --untouched[owner]);
            }
            else
            {
                chunk = ready.MaxBy(r => r.Value).Key;
                if (ready[chunk] <= now + step[worker])
                {
                    continue;
                }
            }

            ready[chunk] = Math.Min(ready.GetValueOrDefault(chunk, double.PositiveInfinity), now + step[worker]);
            free.Enqueue(worker, (now + step[worker], worker));
        }

        return ready.Values.Max();
    }
}

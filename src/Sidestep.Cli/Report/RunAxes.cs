namespace Sidestep.Cli.Report;

/// <summary>What can stand on the horizontal axis, by row of the metrics; each grows from row to row.</summary>
internal sealed class RunAxes
{
    private RunAxes(int rows) => (Seconds, WorkerSeconds, Bytes) = (new double[rows], new double[rows], new double[rows]);

    /// <summary>Rounds done.</summary>
    public double[] Rounds { get; private init; } = [];

    /// <summary>Seconds since the run's start; a continued run goes on where it was left.</summary>
    public double[] Seconds { get; }

    /// <summary>Seconds all workers were there, together.</summary>
    public double[] WorkerSeconds { get; }

    /// <summary>Payload bytes of shares that came in time.</summary>
    public double[] Bytes { get; }

    /// <summary>By row: the session of the run it belongs to, from 0; and its end within the session.</summary>
    public int[] Session { get; private init; } = [];

    /// <summary>Calculates them.</summary>
    /// <param name="metrics">The run's metrics.</param>
    /// <param name="presence">Sessions of workers that began (+1) and ended (−1), in order; empty: not known, the metrics' own counts are taken.</param>
    public static RunAxes Of(MetricsTable metrics, IReadOnlyList<(int Session, double At, int Change)> presence)
    {
        var (end, bytes) = (metrics["end"], metrics["bytes"]);
        var axes = new RunAxes(metrics.Rows)
        {
            Rounds = [.. metrics["round"].Select(r => r + 1)],
            Session = new int[metrics.Rows],
        };
        double offset = 0, last = 0, received = 0;
        for (var i = 0; i < metrics.Rows; i++)
        {
            var at = double.IsFinite(end[i]) ? end[i] : last;
            var isNew = i > 0 && at < last;
            offset += isNew ? last : 0;
            axes.Session[i] = i == 0 ? 0 : axes.Session[i - 1] + (isNew ? 1 : 0);
            last = at;
            received += double.IsFinite(bytes[i]) ? bytes[i] : 0;
            (axes.Seconds[i], axes.Bytes[i]) = (offset + at, received);
        }

        axes.Pay(presence.Count > 0 ? presence : Counted(metrics, axes, end), end);
        return axes;
    }

    private static List<(int, double, int)> Counted(MetricsTable metrics, RunAxes axes, double[] end)
    {
        var changes = new List<(int, double, int)>();
        var (joined, lost, seconds) = (metrics["joined"], metrics["lost"], metrics["seconds"]);
        for (var i = 0; i < metrics.Rows; i++)
        {
            var change = (double.IsFinite(joined[i]) ? joined[i] : 0) - (double.IsFinite(lost[i]) ? lost[i] : 0);
            if (change != 0)
            {
                changes.Add((axes.Session[i], end[i] - (double.IsFinite(seconds[i]) ? seconds[i] : 0), (int)change));
            }
        }

        return changes;
    }

    private void Pay(IReadOnlyList<(int Session, double At, int Change)> presence, double[] end)
    {
        double paid = 0, at = 0;
        int there = 0, next = 0, session = 0;
        for (var i = 0; i < end.Length; i++)
        {
            if (Session[i] != session)
            {
                (session, at, there) = (Session[i], 0, 0);
            }

            while (next < presence.Count && (presence[next].Session < session || (presence[next].Session == session && presence[next].At <= end[i])))
            {
                var change = presence[next++];
                if (change.Session == session)
                {
                    paid += there * Math.Max(0, change.At - at);
                    (at, there) = (Math.Max(at, change.At), Math.Max(0, there + change.Change));
                }
            }

            if (end[i] > at)
            {
                paid += there * (end[i] - at);
                at = end[i];
            }

            WorkerSeconds[i] = paid;
        }
    }
}

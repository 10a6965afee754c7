using System.Globalization;
using System.Text;

namespace Sidestep.Hosting;

/// <summary>A race as text: what every scheme reached, medians over the seeds.</summary>
public static class RaceTable
{
    /// <summary>Every point of every run, as CSV.</summary>
    /// <param name="runs">The runs.</param>
    public static string Csv(IReadOnlyList<RaceRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var text = new StringBuilder("delay,scheme,seed,rate,seconds,updates,loss\n");
        foreach (var run in runs)
        {
            foreach (var point in run.Points)
            {
                text.Append(CultureInfo.InvariantCulture, $"{run.Delay},{run.Lane.Name},{run.Seed},{run.Rate},{point.Seconds:0.000},{point.Updates},{point.Loss:G6}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>For each delay a Markdown table, the best loss at the end first, and what it says of derivative codes.</summary>
    /// <param name="plan">The race.</param>
    /// <param name="runs">The runs.</param>
    public static string Text(RacePlan plan, IReadOnlyList<RaceRun> runs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(runs);
        var text = new StringBuilder();
        foreach (var (delay, latency) in plan.Delays)
        {
            var rows = RaceRow.Of([.. runs.Where(r => r.Delay == delay)]);
            if (rows.Count == 0)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{delay} delays, {latency}; links {plan.Link}; {plan.Length.TotalSeconds:0} s, {plan.Seeds.Length} seeds; target: test loss {rows[0].Target:0.000}\n\n");
            text.Append("| scheme | test loss at the end, median (least to most) | s to the target | updates/s | KB a share | replies not used | rate |\n|---|---:|---:|---:|---:|---:|---:|\n");
            foreach (var row in rows)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {row.Lane.Name}{(row.Lane.IsDerivative ? " *" : string.Empty)} | {Loss(row.Median)} ({Loss(row.Least)} to {Loss(row.Most)}) | {Seconds(row.ToTarget)} | {row.UpdatesPerSecond:0.0} | {row.ShareBytes / 1000:0.0} | {row.NotUsed:0 %} | {row.Rate:0.####} |\n");
            }

            text.Append('\n').Append(Verdict(rows)).Append("\n\n");
        }

        return text.Append("\\* derivative code: a share has 1/K of the coordinates. Every scheme at the best of the tried rates.\n").ToString();
    }

    // Against whom a derivative code is held: those who send as few bytes, and all.
    private static string Verdict(IReadOnlyList<RaceRow> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.Where(r => r.Lane.IsDerivative))
        {
            var before = rows.TakeWhile(r => r != row).ToArray();
            var alike = before.Where(r => r.ShareBytes < 1.5 * row.ShareBytes && !r.Lane.IsDerivative).Select(r => r.Lane.Name).ToArray();
            text.Append(CultureInfo.InvariantCulture, $"{row.Lane.Name}: place {before.Length + 1} of {rows.Count}; ")
                .Append(alike.Length == 0 ? "nobody else with its bytes is before it" : $"with its bytes, {string.Join(", ", alike)} before it")
                .Append(before.Length == 0 ? "." : $"; before it: {string.Join(", ", before.Select(r => r.Lane.Name))}.")
                .Append('\n');
        }

        return text.ToString().TrimEnd();
    }

    private static string Loss(double loss) => double.IsFinite(loss) ? loss.ToString("0.000", CultureInfo.InvariantCulture) : "diverged";

    private static string Seconds(double seconds) => double.IsFinite(seconds) ? seconds.ToString("0.00", CultureInfo.InvariantCulture) : "not reached";
}

using System.Globalization;
using System.Text;

namespace Sidestep.Hosting;

/// <summary>Replayed jobs as a table for programs and as text for people.</summary>
public static class TraceTable
{
    /// <summary>One line per job, round-trip time and scheme; times in the trace's unit.</summary>
    /// <param name="cells">The replays.</param>
    public static string Csv(IReadOnlyList<TraceCell> cells)
    {
        var text = new StringBuilder("job,roundTripShare,scheme,kind,exactness,meanTime,p95Time,overWaitForAll,busyTime\n");
        foreach (var cell in cells)
        {
            var t = cell.Times;
            text.AppendLine(CultureInfo.InvariantCulture, $"{cell.Job},{cell.RoundTripShare},{cell.Rival.Name},{WhoWinsTable.Word(cell.Rival.Kind)},E{(int)t.Exactness},{t.Mean * 1000:G6},{t.Quantile(0.95) * 1000:G6},{cell.OverWaitForAll:G4},{t.BusySeconds * 1000:G6}");
        }

        return text.ToString();
    }

    /// <summary>Mean round over wait-for-all's, a line per scheme, a column per job and round-trip time, as a Markdown table.</summary>
    /// <param name="cells">The replays.</param>
    public static string Text(IReadOnlyList<TraceCell> cells)
    {
        var text = new StringBuilder("| scheme | class |");
        var columns = cells.Select(c => (c.Job, c.RoundTripShare)).Distinct().ToArray();
        foreach (var (job, share) in columns)
        {
            text.Append(CultureInfo.InvariantCulture, $" {job.Replace("_norm", string.Empty, StringComparison.Ordinal)}, round trip {share:0 %} |");
        }

        text.AppendLine().Append("|---|---|").Insert(text.Length, "---:|", columns.Length).AppendLine();
        foreach (var group in cells.GroupBy(c => c.Rival.Name))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {group.Key} | E{(int)group.First().Times.Exactness} |");
            foreach (var (job, share) in columns)
            {
                text.Append(CultureInfo.InvariantCulture, $" {group.Single(c => c.Job == job && c.RoundTripShare == share).OverWaitForAll:0.000} |");
            }

            text.AppendLine();
        }

        return text.ToString();
    }
}

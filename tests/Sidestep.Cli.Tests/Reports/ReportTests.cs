using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sidestep.Cli.Report;

namespace Sidestep.Cli.Tests.Reports;

public sealed class ReportTests : IDisposable
{
    private const string Header = "round,loss,seconds,end,shares,late,bytes,wait,decode,step,residual,asked,joined,lost,testLoss,accuracy";
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Report_of_runs_is_one_file_that_needs_nothing_else()
    {
        Train("a", "--slow", "1:20ms", "--kill", "2@10");
        Train("b", "--set", "strategy.name=async-descent", "--set", "code.name=uncoded", "--set", "code.stragglers=0");
        var page = Report("a", "b");
        Assert.DoesNotMatch(@"(src|href)=|url\(|@import|https?://", page);
        Assert.Contains("waiting for all", page, StringComparison.Ordinal);
        Assert.Contains("<title>worker 1, round", page, StringComparison.Ordinal);

        // Two metrics on four axes and the times of rounds, in two sizes.
        Assert.Equal((2 * 4 * 2) + 2, Regex.Count(page, "<svg class=\"chart (wide|narrow)\"[^>]*data-x"));
        Assert.True(Regex.Count(page, "chart gantt") >= 3);
        foreach (var axis in (string[])["rounds", "time (ms)", "worker time (worker-s)", "shares received (kB)"])
        {
            Assert.Contains($">{axis}</text>", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_without_a_result_is_shown_as_far_as_it_went()
    {
        Train("a");
        File.Delete(_bench.In("a/result.json"));
        File.AppendAllText(_bench.In("a/metrics.csv"), "30,0.5,0.0");
        File.AppendAllText(_bench.In("a/events.jsonl"), "{\"slot\":0,\"rou");
        Report("a");
        Assert.Contains("still going on, or was killed; shown are its first 30 rounds", _bench.Errors, StringComparison.Ordinal);
        Assert.Contains("the last line of metrics.csv is cut short", _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0,NaN,,0.01,,,,,,,,,,,,\n")]
    [InlineData("0,0.5,0.01,0.01,4,0,100,0.01,0,0,0,0,4,0,,\n")]
    [InlineData("0,0.5,0.01,0.01,4,0,100,0.01,0,0,0,0,4,0,,\nhello\n2,0.4,0.01,0.03,4,0,100,0,0,0,0,0,0,0,0.4,0.9\n")]
    [InlineData("0,-1,0,0,0,0,0,0,0,0,0,0,0,0,,\n1,Infinity,1e-9,1e-9,0,0,0,0,0,0,0,0,0,0,,\n")]
    public void Odd_metrics_are_drawn_without_them(string rows)
    {
        Write("a", rows);
        Assert.DoesNotMatch("NaN|Infinity", Regex.Replace(Report("a"), "<script>.*</script>", string.Empty, RegexOptions.Singleline));
    }

    [Fact]
    public void Hundred_thousand_rounds_make_a_small_file()
    {
        var rows = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
        {
            rows.Append(CultureInfo.InvariantCulture, $"{i},{1 + Math.Sin(i)},{0.01 + (i % 97 * 0.0001)},{0.02 * (i + 1)},4,0,1000,0.01,0,0,0,0,{(i == 0 ? 4 : 0)},0,{Math.Cos(i)},{i / 1e5}\n");
        }

        string[] names = ["a", "b", "c"];
        Array.ForEach(names, name => Write(name, rows.ToString()));
        Assert.True(Report(names).Length < 3_000_000, "the file is too large");
    }

    [Fact]
    public void Continued_run_goes_on_where_it_was_left()
    {
        Write("a", "0,1,1,1,2,0,10,1,0,0,0,0,2,0,,\n1,1,1,2,2,0,10,1,0,0,0,0,0,0,,\n2,1,1,1.5,2,0,10,1,0,0,0,0,2,0,,\n");
        var run = Assert.Single(ReportLoader.Load([_bench.In("a")]));
        Assert.Equal([1, 2, 3.5], run.Axes.Seconds);
        Assert.Equal([10, 20, 30], run.Axes.Bytes);
        Assert.Equal([2, 4, 6], run.Axes.WorkerSeconds);
    }

    [Theory]
    [InlineData(78, "there is no folder '", "nowhere")]
    [InlineData(65, "holds no run: there is no metrics.csv in it", "empty")]
    [InlineData(65, "holds no run itself, but 1 of its folders do", "outer")]
    [InlineData(65, "its first line has no column 'round'", "alien")]
    [InlineData(65, "is not a result", "broken")]
    [InlineData(78, "a folder is given twice", "a", "a")]
    public void Bad_folder_is_refused_with_what_is_wrong(int exit, string message, params string[] folders)
    {
        Write("a", string.Empty);
        Write("outer/inner", string.Empty);
        Write("broken", string.Empty);
        File.WriteAllText(_bench.In("broken/result.json"), "{ \"status\": ");
        Directory.CreateDirectory(_bench.In("empty"));
        Directory.CreateDirectory(_bench.In("alien"));
        File.WriteAllText(_bench.In("alien/metrics.csv"), "a,b\n1,2\n");
        Assert.Equal(exit, _bench.Run(["report", .. folders.Select(_bench.In), "--out", _bench.In("r.html")]));
        Assert.Contains(message, _bench.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_bench.In("r.html")));
    }

    [Fact]
    public void Report_that_cannot_be_written_says_so()
    {
        Write("a", string.Empty);
        Assert.Equal(73, _bench.Run("report", _bench.In("a"), "--out", _bench.In("no/such/folder.html")));
        Assert.Contains("cannot be written", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_folders_cannot_inject_markup()
    {
        Write("<b>x&y", string.Empty);
        Assert.DoesNotContain("<b>x", Report("<b>x&y"), StringComparison.Ordinal);
    }

    private void Train(string name, params string[] flags)
    {
        var exit = _bench.Run(["run", _bench.Spec(), "--fabric", "sim", "--set", "evaluateEvery=5", "--json", "--out", _bench.In(name), .. flags]);
        Assert.True(exit == 0, _bench.Errors);
    }

    private void Write(string name, string rows)
    {
        Directory.CreateDirectory(_bench.In(name));
        File.WriteAllText(_bench.In($"{name}/metrics.csv"), $"{Header}\n{rows}");
    }

    private string Report(params string[] names)
    {
        var exit = _bench.Run(["report", .. names.Select(_bench.In), "--out", _bench.In("report.html")]);
        Assert.True(exit == 0, _bench.Errors);
        return File.ReadAllText(_bench.In("report.html"));
    }
}

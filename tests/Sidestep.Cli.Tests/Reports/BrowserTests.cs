using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Sidestep.Cli.Tests.Reports;

/// <summary>Opens a report in headless Chromium.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [ChromiumFact]
    public void Report_runs_its_script_to_the_end_without_an_error()
    {
        Assert.Equal(0, _bench.Run("run", _bench.Spec(), "--fabric", "sim", "--slow", "1:20ms", "--kill", "2@10", "--json", "--out", _bench.In("a")));
        Assert.Equal(0, _bench.Run("report", _bench.In("a"), "--out", _bench.In("r.html")));
        var page = Dump(_bench.In("r.html"));
        var root = Regex.Match(page, "<html[^>]*>").Value;
        Assert.DoesNotContain("data-error", root, StringComparison.Ordinal);
        var charts = Regex.Match(root, "data-ready=\"([0-9]+)\"");
        Assert.True(charts.Success && int.Parse(charts.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) >= 20, root);
    }

    private string Dump(string path)
    {
        string[] flags =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            $"--user-data-dir={_bench.In("browser")}", "--dump-dom", new Uri(path).AbsoluteUri,
        ];
        var start = new ProcessStartInfo(ChromiumFactAttribute.Program!, flags) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var browser = Process.Start(start)!;
        var (output, errors) = (browser.StandardOutput.ReadToEndAsync(), browser.StandardError.ReadToEndAsync());
        if (!browser.WaitForExit(TimeSpan.FromMinutes(2)))
        {
            browser.Kill(entireProcessTree: true);
            Assert.Fail("the browser did not end within two minutes");
        }

        return output.GetAwaiter().GetResult() + (errors.GetAwaiter().GetResult().Length > 0 ? string.Empty : string.Empty);
    }
}

/// <summary>A test that needs Chromium (<c>eng/install-native.sh</c>). Skipped where it is missing, unless native parts are required.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Program is null && Environment.GetEnvironmentVariable("SIDESTEP_REQUIRE_NATIVE") != "1")
        {
            Skip = "chromium is not installed: run eng/install-native.sh";
        }
    }

    /// <summary>The browser, or null.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':')
        .Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
}

using System.Diagnostics;

namespace Sidestep.Cli.Tests.Hosting;

/// <summary>Every program in samples/ is short, and ends with 0 only if what it claims is so.</summary>
public sealed class SampleTests
{
    private const int MostLines = 80;

    public static TheoryData<string> Samples =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples"), "*.cs").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task Sample_keeps_its_claim(string sample)
    {
        var file = Path.Combine(Repository.Root, "samples", sample);
        Assert.InRange(File.ReadLines(file).Count(), 1, MostLines);
        var start = new ProcessStartInfo("dotnet", ["run", "-c", "Release", file])
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }

        Assert.True(process.ExitCode == 0, $"{sample} ended with {process.ExitCode}\n{await output}\n{await errors}");
    }
}

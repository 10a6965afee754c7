using System.Collections.Immutable;
using System.Diagnostics;
using Xunit.Abstractions;

namespace Sidestep.Training.Tests.External;

/// <summary>Child programs for tests, in Python; skipped with a message where the system has none, unless it is required.</summary>
internal static class Python
{
    public const string Interpreter = "/usr/bin/python3";

    private static readonly Lazy<string> Samples = new(FindSamples);

    /// <summary>Whether the interpreter is there (with a module).</summary>
    public static bool IsThere(ITestOutputHelper output, string? module = null)
    {
        if (File.Exists(Interpreter) && (module is null || Has(module)))
        {
            return true;
        }

        var missing = $"{Interpreter}{(module is null ? string.Empty : $" with {module}")} is missing; eng/install-native.sh installs it";
        Assert.False(Environment.GetEnvironmentVariable("SIDESTEP_REQUIRE_NATIVE") == "1", missing);
        output.WriteLine($"SKIPPED: {missing}");
        return false;
    }

    /// <summary>A shipped sample.</summary>
    public static ExecCommand Sample(string file) => new([Interpreter, Path.Combine(Samples.Value, file)], Samples.Value);

    /// <summary>A script in a folder of its own, which finds the shipped modules.</summary>
    public static ExecCommand Script(string folder, string text, params string[] arguments)
    {
        var path = Path.Combine(folder, "child.py");
        File.WriteAllText(path, $"import sys\nsys.path.insert(0, {Quoted(Samples.Value)})\n{text}\n");
        return new ExecCommand([Interpreter, path, .. arguments], folder) { Timeout = TimeSpan.FromSeconds(60) };
    }

    private static bool Has(string module)
    {
        using var process = Process.Start(new ProcessStartInfo(Interpreter, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal)}\"";

    private static string FindSamples()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Sidestep.slnx")))
            {
                return Path.Combine(folder, "samples", "exec");
            }
        }

        throw new InvalidOperationException("these tests run inside the repository");
    }
}

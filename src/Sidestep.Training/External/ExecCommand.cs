using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>How to start a program that computes a loss and its gradient. Immutable.</summary>
/// <remarks>The protocol it speaks: <c>docs/exec-protocol.md</c>.
/// <code>var command = new ExecCommand(["python3", "grad.py"], folder) { Timeout = TimeSpan.FromSeconds(20) };</code></remarks>
/// <param name="Words">The program and its arguments. A program without a folder in its name is looked up in <c>PATH</c>.</param>
/// <param name="Folder">The folder it runs in; relative names start there.</param>
public sealed record ExecCommand(ImmutableArray<string> Words, string Folder)
{
    // A program of a worker has no business with the run's secret.
    private const string SecretVariable = "SIDESTEP_SECRET";

    /// <summary>The longest it may take for one answer; a program that takes longer is ended.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether parameters, rows and gradients go through shared memory where that is possible; else through the pipes.</summary>
    public bool SharesMemory { get; init; } = true;

    /// <summary>The command as one line, for messages.</summary>
    public override string ToString() => string.Join(' ', Words);

    /// <summary>The absolute name of the program.</summary>
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public string FindProgram()
    {
        if (Words.IsDefaultOrEmpty || Words[0].Length == 0)
        {
            throw new ConfigurationException("exec: the command is empty; write the program and its arguments, such as [\"python3\", \"grad.py\"]");
        }

        var name = Words[0];
        if (name.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || name.Contains(Path.AltDirectorySeparatorChar, StringComparison.Ordinal))
        {
            var full = Path.GetFullPath(Path.Combine(Folder, name));
            return File.Exists(full)
                ? full
                : throw new ConfigurationException($"exec: there is no program {full}; names with a folder are absolute or relative to {Folder}");
        }

        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator))
        {
            foreach (var ending in (ReadOnlySpan<string>)(OperatingSystem.IsWindows() ? ["", ".exe"] : [""]))
            {
                var full = Path.Combine(folder, name + ending);
                if (folder.Length > 0 && File.Exists(full))
                {
                    return full;
                }
            }
        }

        throw new ConfigurationException(
            $"exec: there is no program '{name}' in PATH; install it, or write its full name (a name with a folder, such as ./{name}, is relative to {Folder})");
    }

    /// <summary>Starts a process of it, all three streams redirected.</summary>
    /// <exception cref="ConfigurationException">There is no such program, or the system does not run it.</exception>
    internal Process Start()
    {
        var start = new ProcessStartInfo(FindProgram())
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var word in Words.AsSpan()[1..])
        {
            start.ArgumentList.Add(word);
        }

        start.Environment.Remove(SecretVariable);
        try
        {
            return Process.Start(start)!;
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"exec: {start.FileName} cannot be started: {error.Message}"));
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;
using System.Net;

namespace Sidestep.Runtime;

/// <summary>Starts workers as processes of a command. The secret travels in the environment (<c>SIDESTEP_SECRET</c>), not on the command line.</summary>
/// <param name="fileName">The command.</param>
/// <param name="arguments">Its arguments for a slot and an endpoint.</param>
/// <param name="started">Told the slot and the process id of every process that was started, those started again included; called from any thread.</param>
public sealed class ProcessLauncher(string fileName, Func<int, IPEndPoint, IEnumerable<string>> arguments, Action<int, int>? started = null) : IWorkerLauncher
{
    /// <summary>The environment variable that carries the secret, in hexadecimal.</summary>
    public const string SecretVariable = "SIDESTEP_SECRET";

    /// <inheritdoc/>
    public ILaunchedWorker Launch(int slot, IPEndPoint endpoint, ReadOnlyMemory<byte> secret)
    {
        var start = new ProcessStartInfo(fileName)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments(slot, endpoint))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[SecretVariable] = Convert.ToHexString(secret.Span);
        try
        {
            var launched = new Launched(Process.Start(start)!);
            started?.Invoke(slot, launched.ProcessId);
            return launched;
        }
        catch (Win32Exception error)
        {
            throw new OperatingSystemException($"worker {slot} cannot be started with {fileName}: {error.Message}", 71, error);
        }
    }

    private sealed class Launched : ILaunchedWorker
    {
        private const int MostTail = 4096;
        private readonly Process _process;
        private readonly object _gate = new();
        private string _tail = string.Empty;

        public Launched(Process process)
        {
            _process = process;
            ProcessId = process.Id;
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.OutputDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            process.StandardInput.Close();
            Exited = WaitAsync();
        }

        public int ProcessId { get; }

        public Task<int> Exited { get; }

        public string ErrorTail
        {
            get
            {
                lock (_gate)
                {
                    return _tail;
                }
            }
        }

        public void Kill()
        {
            if (!Exited.IsCompleted)
            {
                try
                {
                    _process.Kill();
                }
                catch (InvalidOperationException)
                {
                    // It has exited in the meantime.
                }
            }
        }

        private async Task<int> WaitAsync()
        {
            await _process.WaitForExitAsync().ConfigureAwait(false);
            var code = _process.ExitCode;
            _process.Dispose();
            return code;
        }

        private void Keep(string? line)
        {
            if (line is not null)
            {
                lock (_gate)
                {
                    _tail += line + Environment.NewLine;
                    _tail = _tail.Length > MostTail ? _tail[^MostTail..] : _tail;
                }
            }
        }
    }
}

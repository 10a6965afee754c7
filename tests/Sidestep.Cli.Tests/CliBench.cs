using Sidestep.Cli;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>Runs commands in this process, in a folder of their own.</summary>
public sealed class CliBench : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("sidestep-cli-").FullName;

    public string Output { get; private set; } = string.Empty;

    public string Errors { get; private set; } = string.Empty;

    /// <summary>The command as a process of its own.</summary>
    public static WorkerLaunch Tool(params string[] args) =>
        new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "sidestep.dll"), .. args]);

    public int Run(params string[] args)
    {
        using StringWriter output = new(), errors = new();
        var code = CliApp.Run(args, new Terminal(output, errors) { Trainer = SidestepHost.Create().StartWorkersWith(Tool("worker")).Build() });
        (Output, Errors) = (output.ToString(), errors.ToString());
        return code;
    }

    public string In(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        File.WriteAllText(In(name), text);
        return In(name);
    }

    /// <summary>A small spec that finishes in well under a second on threads; written to a file.</summary>
    public string Spec(string name = "spec.json", string code = """{ "name": "fractional-repetition", "workers": 4, "stragglers": 1 }""") => Write(name, $$"""
        {
          "version": 1,
          "data": { "kind": "gaussian-mixture", "count": 200, "features": 6, "classes": 3, "testCount": 50 },
          "objective": { "kind": "softmax", "l2": 0.001 },
          "code": {{code}},
          "optimizer": { "name": "sgd", "rate": 0.2 },
          "samples": 40,
          "rounds": 30,
          "hashEvery": 10,
          "kernels": "managed"
        }
        """);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

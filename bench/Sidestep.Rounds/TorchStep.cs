using System.Diagnostics;
using System.Globalization;

namespace Sidestep.Rounds;

/// <summary>PyTorch in a child process that does training steps on two threads when asked, and says how long each took.</summary>
internal sealed class TorchStep : IDisposable
{
    private const string Script = """
        import sys, time
        import torch
        torch.set_num_threads(2)
        torch.manual_seed(1)
        nn = torch.nn
        nets = {
            "conv": (nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
                                   nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1568, 10)), torch.rand(64, 1, 28, 28)),
            "perceptron": (nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)), torch.rand(64, 784)),
        }
        labels = torch.arange(64) % 10
        steps = {name: torch.optim.SGD(net.parameters(), lr=0.05) for name, (net, _) in nets.items()}
        print(torch.__version__, flush=True)
        for line in sys.stdin:
            name, count = line.split()
            net, x = nets[name]
            times = []
            for _ in range(int(count)):
                began = time.perf_counter()
                steps[name].zero_grad()
                nn.functional.cross_entropy(net(x), labels).backward()
                steps[name].step()
                times.append(1000 * (time.perf_counter() - began))
            print(*times, flush=True)
        """;

    private readonly Process _child;

    private TorchStep(Process child, string version) => (_child, Version) = (child, version);

    public string Version { get; }

    /// <summary>Starts it; null where the interpreter has no PyTorch.</summary>
    public static TorchStep? Start(string interpreter)
    {
        var start = new ProcessStartInfo(interpreter, ["-c", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var child = Process.Start(start)!;
        if (child.StandardOutput.ReadLine() is { } version)
        {
            return new TorchStep(child, version);
        }

        child.Dispose();
        return null;
    }

    /// <summary>Milliseconds of each of some steps.</summary>
    public double[] Run(string net, int steps)
    {
        _child.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{net} {steps}"));
        _child.StandardInput.Flush();
        return [.. _child.StandardOutput.ReadLine()!.Split(' ').Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _child.StandardInput.Close();
        _child.WaitForExit();
        _child.Dispose();
    }
}

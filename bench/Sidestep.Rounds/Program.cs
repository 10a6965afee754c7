using System.Globalization;
using System.Net;
using Sidestep.Rounds;

// rounds [workers floats rounds]: transport rounds beside plain sockets, kernels beside a copy, coded work beside uncoded.
// rounds exec [floats calls interpreter]: a gradient by another program beside the same in this process.
// rounds step [turns interpreter]: a training step of small networks, two threads, beside PyTorch.
// rounds layers [samples]: where a gradient of the convolutional net spends its time, one thread.
// rounds derivatives [samples repeats]: a worker's weight gradient coded and uncoded.
int Number(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

if (args is ["plain-worker", ..])
{
    PlainSockets.Work(Number(1, 0), Number(2, 0));
    return 0;
}

if (args is ["star-worker" or "ring-worker", ..])
{
    return await SidestepRounds.WorkAsync(args[0], new IPEndPoint(IPAddress.Loopback, Number(1, 0)), Number(2, 0), Number(3, 0), Number(4, 0));
}

if (args is ["exec", ..])
{
    ExecOverhead.Report(args.Length > 3 ? args[3] : "python3", Number(1, 1_000_000), Number(2, 200));
    return 0;
}

if (args is ["step", ..])
{
    return StepBesideTorch.Report(args.Length > 2 ? args[2] : "python3", Number(1, 20));
}

if (args is ["layers", ..])
{
    LayerTimes.Report(Number(1, 32));
    return 0;
}

if (args is ["derivatives", ..])
{
    WeightGradients.Report(Number(1, 128), Number(2, 101));
    return 0;
}

static double Median(double[] times)
{
    var warm = times.Skip(times.Length / 4).Order().ToArray();
    return warm[warm.Length / 2];
}

var (workers, floats, rounds) = (Number(0, 8), Number(1, 5_000_000), Number(2, 24));
CombineAndCopy.Report(8, 6_250_000);
CodedWork.Report(256);

// The two take turns, so that neither has the quieter machine.
double[] plain = [], ours = [];
for (var turn = 0; turn < 2; turn++)
{
    plain = [.. plain, .. PlainSockets.Run(workers, floats * sizeof(float), rounds).Skip(rounds / 4)];
    ours = [.. ours, .. SidestepRounds.Run(workers, floats, rounds).Skip(rounds / 4)];
}

Console.WriteLine($"round of {workers} workers × {floats:N0} floats out and in: {Median(ours):0.0} ms, plain sockets {Median(plain):0.0} ms, ratio {Median(ours) / Median(plain):0.00}");
Console.WriteLine($"ring all-reduce of {floats:N0} floats over {workers}: {Median(SidestepRounds.Ring(workers, floats, rounds)):0.0} ms");
return 0;

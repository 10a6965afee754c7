#:project ../src/Sidestep.Cli
// A model of your own on four local processes: dotnet run samples/own-model.cs
// The claim: a worker that is killed does not change a byte of the result.
using Sidestep;
using Sidestep.Cli;
using Sidestep.Hosting;

var host = SidestepHost.Create().AddObjective("huber", (ObjectiveContext c, HuberParameters p) => new Huber(c.Features, p.Width), "robust regression");
var trainer = host.Build();
if (await trainer.TryRunWorkerAsync(args) is { } code)
{
    return code; // this process was started as a worker of a run below
}

if (args.Length > 0)
{
    return await host.RunAsync(args); // run, check, catalog, …: every command of sidestep, with "huber" beside the built-in objectives
}

const string Spec = """
    {
      "version": 1,
      "data": { "kind": "gaussian-mixture", "count": 1000, "features": 10, "classes": 2 },
      "objective": { "kind": "huber", "width": 0.5 },
      "code": { "name": "fractional-repetition", "workers": 4, "stragglers": 1 },
      "optimizer": { "name": "sgd", "rate": 0.1 },
      "samples": 200, "rounds": 60, "hashEvery": 10, "compute": "emulated(2ms)"
    }
    """;
var runs = Directory.CreateTempSubdirectory("own-model-").FullName;
var calm = await trainer.RunAsync(Spec, new() { Fabric = "threads", Folder = Path.Combine(runs, "calm") });
var storm = await trainer.RunAsync(trainer.Parse(Spec, ["kill=2@20"]), new() { Fabric = "tcp", Folder = Path.Combine(runs, "storm") });
var check = await ObjectiveCheck.RunAsync(trainer.Parse(Spec));
Console.WriteLine($"calm, on threads: loss {calm.Loss:0.####}, trajectory {calm.TrajectoryHash[..16]}");
Console.WriteLine($"on 4 processes, {storm.Workers.Sum(w => w.Deaths)} killed: loss {storm.Loss:0.####}, trajectory {storm.TrajectoryHash[..16]}");
Console.WriteLine($"gradient against differences of the loss: relative error {check.RelativeError:0.0e+0}");
Directory.Delete(runs, recursive: true);
return storm.TrajectoryHash == calm.TrajectoryHash && storm.Workers.Any(w => w.Deaths > 0) && check.Ok ? 0 : 1;

record HuberParameters(double Width = 1);

/// <summary>Linear regression with the loss of Huber: quadratic up to the width, linear beyond.</summary>
sealed class Huber(int features, double width) : IObjective
{
    public ModelShape Shape { get; } = ModelShape.Flat(features);

    public void Initialize(Rng rng, Span<float> model) => model.Clear();

    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        double loss = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var sample = batch.Values.Span.Slice(i * features, features);
            var error = Dot.Product(sample, model) - batch.Labels.Span[i];
            loss += Math.Abs(error) <= width ? error * error / 2 : width * (Math.Abs(error) - (width / 2));
            Axpy.Add((float)Math.Clamp(error, -width, width), sample, sum); // sum += slope · sample
        }

        return loss;
    }

    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics) =>
        metrics.Add("loss", Gradient(batch, model, new float[features], default), batch.Count);
}

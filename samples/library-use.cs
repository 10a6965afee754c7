#:project ../src/Sidestep.Hosting
// Training as a library, without the command: dotnet run samples/library-use.cs
// The claim: a program follows a run while it goes on, stops it, goes on with it later to the same bytes, and uses the model it gets.
using Sidestep;
using Sidestep.Hosting;
using Sidestep.Training;

var trainer = SidestepHost.Create().Build();
var spec = new RunSpec(
    Version: 1,
    new DigitsDataSpec(Count: 2000, TestCount: 200),
    new PerceptronSpec([32]),
    new CodeSpec("reissue", Workers: 4),
    new AdamSpec(Rate: 0.005),
    Rounds: 400,
    Samples: 200,
    HashEvery: 10,
    Kernels: "managed");
var runs = Directory.CreateTempSubdirectory("library-").FullName;

var whole = await trainer.RunAsync(spec, new() { Folder = Path.Combine(runs, "whole") });
Console.WriteLine($"{whole.Status}: {whole.Rounds} rounds, accuracy {whole.Accuracy:0.000}");

// Stop at the boundary after round 30, as a program that is shut down does …
using var drain = new CancellationTokenSource();
var options = new TrainingOptions
{
    Folder = Path.Combine(runs, "parts"),
    Drain = drain.Token,
    Listener = happened =>
    {
        if (happened is { Phase: Phase.Round, Round: 30 })
        {
            Console.WriteLine($"round {happened.Round}: loss {happened.Value:0.####}; stopping");
            drain.Cancel();
        }
    },
};
var half = await trainer.RunAsync(spec, options);
Console.WriteLine($"{half.Status} after {half.Rounds} rounds");

// … and go on.
var rest = await trainer.RunAsync(spec, new() { Folder = Path.Combine(runs, "parts"), Mode = FolderMode.Resume });
Console.WriteLine($"{rest.Status}, resumed from {rest.ResumedFrom}: the same model: {rest.Model.Span.SequenceEqual(whole.Model.Span)}");

// The model is a vector in the order of its shape; the objective knows how to use it.
var test = DataCache.Open(new DigitPicturesSource(Count: 100, Side: 28, Seed: 7, Test: true), DataCache.DefaultFolder);
var batch = await test.Rows(1).ReadAsync(0, Enumerable.Range(0, 100).Select(i => (long)i).ToArray(), default);
var hits = new Hits();
new Perceptron(test.Features, [32], test.Classes, Activation.Relu, l2: 0, KernelChoice.Managed).Evaluate(batch, rest.Model.Span, hits);
Console.WriteLine($"{hits.Right} of 100 new digits are read right; the first tensor is {rest.Shape!.Tensors[0].Name}");
Directory.Delete(runs, recursive: true);
return half.Status == "preempted" && rest.TrajectoryHash == whole.TrajectoryHash && hits.Right > 80 ? 0 : 1;

sealed class Hits : IMetrics
{
    public int Right { get; private set; }

    public void Add(string name, double sum, long count) => Right += name == "accuracy" ? (int)sum : 0;
}

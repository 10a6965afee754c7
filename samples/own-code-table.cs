#:project ../src/Sidestep.Cli
// A gradient code of your own is a table: dotnet run samples/own-code-table.cs
// The claim: its promise is found by itself, and it holds: any worker may stall, and the model has the same bytes.
using System.Collections.Immutable;
using Sidestep;
using Sidestep.Coding;
using Sidestep.Hosting;

// Six workers in three pairs; the two of a pair hold the same two partitions and send their sum. One answer of each pair is enough.
static ICode<float> Pairs(CodeParameters parameters)
{
    var n = parameters.Workers;
    if (n % 2 != 0)
    {
        throw new ConfigurationException($"pairs needs an even number of workers, not {n}; nearest: {n - 1} or {n + 1}");
    }

    var items = ImmutableArray.CreateBuilder<Item<float>>();
    var rows = ImmutableArray.CreateBuilder<Row<float>>();
    for (var worker = 0; worker < n; worker++)
    {
        var first = worker / 2 * 2;
        rows.Add(new Row<float>(worker, [new Term<float>(items.Count, Block: 0, 1f), new Term<float>(items.Count + 1, Block: 0, 1f)]));
        items.Add(new Item<float>(worker, [(first, 1f)]));
        items.Add(new Item<float>(worker, [(first + 1, 1f)]));
    }

    return TableCode.Create("pairs", new CodeTable<float>(n, Partitions: n, Blocks: 1, items.ToImmutable(), rows.ToImmutable()));
}

var code = Pairs(new CodeParameters { Workers = 6 });
Console.WriteLine($"{code.Name}: {code.Guarantee.Stragglers} straggler in any round, {code.Guarantee.Exactness}, amplification {code.Guarantee.Amplification}");

var trainer = SidestepHost.Create().AddCode("pairs", Pairs, "pairs of workers send equal sums", parameters: "workers").Build();
const string Spec = """
    {
      "version": 1,
      "data": { "kind": "digit-pictures", "count": 600 },
      "objective": { "kind": "softmax" },
      "code": { "name": "pairs", "workers": 6 },
      "optimizer": { "name": "adam", "rate": 0.01 },
      "samples": 120, "rounds": 40, "hashEvery": 10, "kernels": "managed", "compute": "emulated(1ms)"
    }
    """;
var runs = Directory.CreateTempSubdirectory("own-code-").FullName;
var calm = await Run("calm");
var stalled = await Run("stalled", "slow=0:300ms,3:300ms");
var killed = await Run("killed", "kill=5@10");
Directory.Delete(runs, recursive: true);
return code.Guarantee is { Stragglers: 1, Exactness: Exactness.BitExact }
    && stalled.TrajectoryHash == calm.TrajectoryHash && killed.TrajectoryHash == calm.TrajectoryHash && stalled.RoundSeconds.P50 < 0.15 ? 0 : 1;

async Task<RunResult> Run(string name, params string[] weather)
{
    var result = await trainer.RunAsync(trainer.Parse(Spec, weather), new() { Fabric = "sim", Folder = Path.Combine(runs, name) });
    Console.WriteLine($"{name,-8} {result.RoundSeconds.Mean * 1000,6:0.0} ms a round, trajectory {result.TrajectoryHash[..16]}");
    return result;
}

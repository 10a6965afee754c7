#:sdk Microsoft.NET.Sdk.Web
#:project ../src/Sidestep.Hosting
// Training inside an ASP.NET program: dotnet run samples/hosted-service.cs
// The claim: the program answers while it trains, and its stop drains the run into a snapshot.
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Sidestep.Hosting;

const string Spec = """
    {
      "version": 1,
      "data": { "kind": "digit-pictures", "count": 1000 },
      "objective": { "kind": "softmax" },
      "code": { "name": "fractional-repetition", "workers": 4, "stragglers": 1 },
      "optimizer": { "name": "adam", "rate": 0.01 },
      "samples": 100, "rounds": 1000000, "compute": "emulated(1ms)"
    }
    """;
var folder = Directory.CreateTempSubdirectory("hosted-").FullName;
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Json.Default));
builder.Services.AddSidestep(
    host => { /* host.AddObjective(…), host.AddData(…) */ },
    new BackgroundTraining { Spec = trainer => trainer.Parse(Spec), Options = new() { Folder = Path.Combine(folder, "run") } });
var app = builder.Build();
app.MapGet("/training", (TrainingProgress progress) => progress.Now);
await app.StartAsync();

// Somebody asks from outside, until ten rounds are done.
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
TrainingMoment? seen = null;
for (var asked = 0; asked < 200 && seen is not { Round: >= 10 }; asked++)
{
    await Task.Delay(50);
    seen = await client.GetFromJsonAsync("/training", Json.Default.TrainingMoment);
}

Console.WriteLine($"GET /training: {seen}");
await app.StopAsync();
var result = await app.Services.GetRequiredService<TrainingProgress>().Completion;
var snapshot = File.Exists(Path.Combine(folder, "run", "state"));
Console.WriteLine($"stopped: {result.Status} after {result.Rounds} rounds, snapshot: {snapshot}");
Directory.Delete(folder, recursive: true);
return seen is { State: TrainingState.Running, Round: >= 10, Loss: > 0 } && result.Status == "preempted" && snapshot ? 0 : 1;

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TrainingMoment))]
sealed partial class Json : JsonSerializerContext;

#:project ../src/Sidestep.Cli
// Data of your own format: dotnet run samples/own-data.cs
// The claim: rows of a file that Sidestep has never heard of train a built-in model, and a changed file is read anew.
using System.Globalization;
using Sidestep;
using Sidestep.Hosting;
using Sidestep.Training;

var trainer = SidestepHost.Create()
    .AddData("weather-log", (DataContext c, LogParameters p) => new TrainingData(
        c.Open(new WeatherLog(c.File(p.File))), p.Test is null ? null : () => c.Open(new WeatherLog(c.File(p.Test)))))
    .Build();

var folder = Directory.CreateTempSubdirectory("own-data-").FullName;
Write("train.log", days: 600, seed: 1);
Write("test.log", days: 200, seed: 2);
Directory.SetCurrentDirectory(folder);
const string Spec = """
    {
      "version": 1,
      "data": { "kind": "weather-log", "file": "train.log", "test": "test.log" },
      "objective": { "kind": "logistic", "l2": 0.001 },
      "code": { "name": "cyclic-repetition", "workers": 5, "stragglers": 2 },
      "optimizer": { "name": "momentum", "rate": 0.5 },
      "rounds": 100
    }
    """;
var first = await trainer.RunAsync(Spec, new() { Folder = "first" });
Write("train.log", days: 900, seed: 3);
var second = await trainer.RunAsync(Spec, new() { Folder = "second" });
Console.WriteLine($"accuracy {first.Accuracy:0.000}, with a longer log {second.Accuracy:0.000}");
Directory.SetCurrentDirectory(Path.GetTempPath());
Directory.Delete(folder, recursive: true);
return first.Accuracy > 0.85 && second.Accuracy > 0.85 && first.TrajectoryHash != second.TrajectoryHash ? 0 : 1;

// Days like "pressure=1003.2 wind=4.1 rain=yes": it rains when pressure is low and wind is high.
void Write(string name, int days, ulong seed)
{
    using var file = new StreamWriter(Path.Combine(folder, name));
    for (var day = 0; day < days; day++)
    {
        var rng = new Rng(seed, Purpose.Data, 0, 0, day);
        var (pressure, wind) = (1013 + (10 * rng.NextGaussian()), 5 + (2 * rng.NextGaussian()));
        var rain = ((1013 - pressure) / 10) + ((wind - 5) / 2) + (0.3 * rng.NextGaussian()) > 0;
        file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pressure={pressure:0.0} wind={wind:0.0} rain={(rain ? "yes" : "no")}"));
    }
}

record LogParameters(string File, string? Test = null);

/// <summary>Reads a log of days. Decoded once per content of the file, into a cache that all processes of the machine map.</summary>
sealed record WeatherLog(string Path) : DataSource
{
    public override string Name() => ShortName(Path);

    public override IReadOnlyList<string> Files() => [Path];

    public override string Options() => "weather-log";

    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        writer.Begin(Name(), features: 2, classes: 2, RowFormat.Floats, LabelMap.Signs, Path);
        foreach (var (line, number) in File.ReadLines(Path).Select((l, i) => (l, i + 1)))
        {
            var values = line.Split(' ').Select(p => p[(p.IndexOf('=') + 1)..]).ToArray();
            if (values.Length != 3 || !float.TryParse(values[0], CultureInfo.InvariantCulture, out var pressure) || !float.TryParse(values[1], CultureInfo.InvariantCulture, out var wind))
            {
                throw new DataException($"{Path}, line {number}: '{line}' is not a day");
            }

            writer.Add([(pressure - 1013) / 10, (wind - 5) / 2], values[2] == "yes" ? 1 : -1);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>What the schemes take by a profile.</summary>
/// <param name="Profile">The profile's file.</param>
/// <param name="Workers">Number of slots.</param>
/// <param name="Rounds">Rounds simulated.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Slow">Rehearsed delays.</param>
/// <param name="Schemes">The schemes, by mean.</param>
internal sealed record SimulationView(string Profile, int Workers, long Rounds, ulong Seed, string Slow, IReadOnlyList<SchemeView> Schemes);

/// <summary>One scheme; seconds per round.</summary>
internal sealed record SchemeView(
    string Scheme, string Exactness, int Stragglers, double Mean, double MeanError, double P50, double P95, double P99, double WorkerSeconds, double BusySeconds,
    double WastedSeconds, bool CheapestExact);

/// <summary><c>sidestep simulate PROFILE</c>: what every scheme would take with these workers.</summary>
internal static class SimulateCommand
{
    public static Command Create(Terminal terminal)
    {
        var profile = new Argument<string>("PROFILE") { Description = "A file that 'sidestep profile' or 'sidestep probe' wrote." };
        var workers = new Option<int?>("--workers", "-n") { Description = "Number of slots; default: those of the profile. More are copies of them, in turn." };
        var codes = new Option<string>("--codes") { Description = "Schemes, such as uncoded,fractional-repetition(2),reissue; or all.", DefaultValueFactory = _ => "all" };
        var rounds = new Option<long?>("--rounds") { Description = "Rounds to simulate; default 2000." };
        var seed = new Option<ulong?>("--seed") { Description = "The seed; default: that of the profile's run, which has the same rehearsed weather." };
        var slow = new Option<string?>("--slow") { Description = "Rehearsed delays instead of those of the profile's run, such as 6:100ms; empty: none." };
        var laws = new Option<bool>("--laws") { Description = "Draw every delay from its fitted law, independently; default: measured rounds are replayed, all workers together." };
        var json = Flags.Json();
        var command = new Command("simulate", "Plays schemes in virtual time with the workers of a profile, and names the cheapest exact one.")
        {
            profile, workers, codes, rounds, seed, slow, laws, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(workers) is < 1 or > 4096)
            {
                result.AddError("--workers must be from 1 to 4096.");
            }

            if (result.GetValue(rounds) is < 1 or > 10_000_000)
            {
                result.AddError("--rounds must be from 1 to 10000000.");
            }
        });
        command.SetAction(parsed =>
        {
            var file = parsed.GetValue(profile)!;
            var fitted = LatencyProfile.Load(file);
            var slots = parsed.GetValue(workers) ?? fitted.Workers.Length;
            var weather = parsed.GetValue(slow) is { } text ? WeatherSyntax.ParseSlow(text, slots) : null;
            var view = new SimulationView(
                file, slots, parsed.GetValue(rounds) ?? 2000, parsed.GetValue(seed) ?? fitted.Run.Seed, parsed.GetValue(slow) ?? fitted.Run.Slow, []);
            var schemes = new List<(string, SchemeTimes)>();
            foreach (var scheme in SchemeText.Parse(parsed.GetValue(codes)!, slots, terminal.Trainer.Catalog))
            {
                var scene = ProfileScenes.Of(fitted, scheme, parsed.GetValue(laws), terminal.Trainer.Catalog) with { Rounds = view.Rounds, Seed = view.Seed };
                schemes.Add((scheme.ToString(), SchemeSimulation.Run(weather is null ? scene : scene with { Weather = Weather.None with { Slow = weather } })));
            }

            view = view with { Schemes = Views(schemes) };
            if (parsed.GetValue(json))
            {
                terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.SimulationView));
            }
            else
            {
                Print(terminal.Out, view);
            }

            return 0;
        });
        return command;
    }

    private static List<SchemeView> Views(List<(string Scheme, SchemeTimes Times)> schemes)
    {
        var cheapest = schemes.Where(s => s.Times.Exactness != Exactness.Approximate).Select(s => s.Times.WorkerSeconds).DefaultIfEmpty(double.NaN).Min();
        return
        [
            .. schemes.OrderBy(s => s.Times.Mean).Select(s => new SchemeView(
                s.Scheme,
                $"E{(int)s.Times.Exactness}",
                s.Times.Stragglers,
                s.Times.Mean,
                s.Times.MeanError,
                s.Times.Quantile(0.5),
                s.Times.Quantile(0.95),
                s.Times.Quantile(0.99),
                s.Times.WorkerSeconds,
                s.Times.BusySeconds,
                s.Times.WastedSeconds,
                s.Times.Exactness != Exactness.Approximate && s.Times.WorkerSeconds == cheapest)),
        ];
    }

    private static void Print(TextWriter output, SimulationView view)
    {
        var width = Math.Max(24, view.Schemes.Max(s => s.Scheme.Length) + 2);
        output.WriteLine(Text($"{view.Workers} workers of {view.Profile}, {view.Rounds} simulated rounds, seed {view.Seed}{(view.Slow.Length == 0 ? ", no rehearsed delays" : $", slow {view.Slow}")}"));
        output.WriteLine();
        output.WriteLine($"  {"scheme".PadRight(width)}class      mean    ±       p50       p95       p99   worker-s   computed     wasted");
        foreach (var s in view.Schemes)
        {
            output.WriteLine(Text(
                $"{(s.CheapestExact ? "* " : "  ")}{s.Scheme.PadRight(width)}{s.Exactness,-5} {s.Mean * 1000,9:0.00} {s.MeanError * 1000,4:0.0} {s.P50 * 1000,9:0.00} {s.P95 * 1000,9:0.00} {s.P99 * 1000,9:0.00} {s.WorkerSeconds,10:0.0000} {s.BusySeconds,10:0.0000} {s.WastedSeconds,10:0.0000}"));
        }

        output.WriteLine();
        output.WriteLine("mean to p99: milliseconds per round (±: standard error of the mean). worker-s: seconds per round all workers are there, which one pays for;");
        output.WriteLine("computed: of these, seconds they were busy; wasted: seconds of those whose share came too late or never. E0 bit-exact, E1 exact, E2 approximate.");
        if (view.Schemes.FirstOrDefault(s => s.CheapestExact) is { } best)
        {
            output.WriteLine($"* the cheapest exact scheme here: {best.Scheme}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

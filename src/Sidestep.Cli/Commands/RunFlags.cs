using System.CommandLine;
using System.Text.Json.Nodes;

namespace Sidestep.Cli;

/// <summary>Arguments of <c>sidestep run</c>.</summary>
internal sealed class RunFlags
{
    private readonly Option<string[]> _set = Flags.Set();

    private readonly Option<string?> _slow = new("--slow") { Description = "Rehearsed delays: SLOT:LATENCY,…, such as 6:100ms,7:pareto(20ms,1.5)." };
    private readonly Option<string?> _pace = new("--pace") { Description = "How much longer emulated computations take: trace(FILE), a line a round and a number a slot, or SLOT:FACTOR, such as 3:2.5." };
    private readonly Option<string?> _link = new("--link") { Description = "Rehearsed links: LATENCY (one way), @RATE or LATENCY@RATE for every slot, SLOT:… for one, such as 5ms, 5ms@20Mbit/s or 5ms,3:50ms@1MB/s." };
    private readonly Option<string?> _kill = new("--kill") { Description = "Rehearsed deaths: SLOT@ROUND,…, such as 2@10,5@20." };

    public Argument<string> Spec { get; } = new("SPEC") { Description = "A spec file; see docs/spec-format.md." };

    public Option<string?> Out { get; } = new("--out", "-o") { Description = "Folder for the results; default runs/NAME-001 and so on." };

    public Option<string> Fabric { get; } = new("--fabric")
    {
        Description = "sim (virtual time), threads, or tcp (local processes).",
        DefaultValueFactory = _ => "threads",
    };

    public Option<int> Port { get; } = new("--port") { Description = "Port of the coordinator (tcp); 0: any free one." };

    public Option<bool> Capture { get; } = new("--capture") { Description = "Write every frame of the coordinator's links to frames.jsonl (tcp)." };

    public Option<bool> Resume { get; } = new("--resume") { Description = "Go on from the snapshot in --out." };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace a run that is in --out." };

    public TelemetryFlags Telemetry { get; } = new();

    public Option<bool> Json { get; } = Flags.Json();

    public void AddTo(Command command)
    {
        command.Add(Spec);
        foreach (var option in (Option[])[_set, Out, Fabric, _slow, _link, _pace, _kill, Port, Capture, Resume, Force, Json])
        {
            command.Add(option);
        }

        Telemetry.AddTo(command);

        command.Validators.Add(result =>
        {
            if (result.GetValue(Resume) && result.GetValue(Force))
            {
                result.AddError("--resume and --force exclude each other: one keeps the run in --out, the other replaces it.");
            }

            if (result.GetValue(Resume) && result.GetValue(Out) is null)
            {
                result.AddError("--resume needs --out: the folder of the run to go on with.");
            }

            if (result.GetValue(Port) is < 0 or > 65535)
            {
                result.AddError("--port must be from 0 to 65535.");
            }
        });
    }

    /// <summary>Overrides of the spec, weather flags included.</summary>
    public IReadOnlyList<string> Overrides(ParseResult parsed)
    {
        var all = new List<string>(parsed.GetValue(_set) ?? []);
        foreach (var (key, text) in ((string, string?)[])[("slow", parsed.GetValue(_slow)), ("link", parsed.GetValue(_link)), ("pace", parsed.GetValue(_pace)), ("kill", parsed.GetValue(_kill))])
        {
            if (text is not null)
            {
                // Quoted, so that no text is taken for another type.
                all.Add($"{key}={JsonValue.Create(text).ToJsonString()}");
            }
        }

        return all;
    }
}

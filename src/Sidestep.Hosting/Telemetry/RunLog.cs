using Microsoft.Extensions.Logging;

namespace Sidestep.Hosting;

/// <summary>A run in a log: what an operator wants to find there afterwards. Event ids are part of the interface; see docs/observability.md.</summary>
internal sealed partial class RunLog(ILogger log)
{
    public void Hear(in RunEvent happened)
    {
        switch (happened.Phase)
        {
            case Phase.Joined:
                Joined(happened.Slot, happened.Round);
                break;
            case Phase.Lost:
                Lost(happened.Slot, happened.Round);
                break;
            case Phase.Missing:
                Missing(happened.Round, (int)happened.Value);
                break;
            case Phase.FeedbackReset:
                FeedbackReset(happened.Row, happened.Round);
                break;
            case Phase.Checkpoint:
                Checkpoint(happened.Round, (happened.End - happened.Start).TotalMilliseconds);
                break;
            case Phase.Uneven:
                Uneven(happened.Row, happened.Name ?? string.Empty, happened.Value);
                break;
            case Phase.Rejected:
                Rejected(happened.Slot, happened.Row, happened.Round, happened.Value);
                break;
            case Phase.Ask:
                Asked(happened.Slot, happened.Row, happened.Round);
                break;
            case Phase.Round:
                Round(happened.Round, happened.Value, (happened.End - happened.Start).TotalMilliseconds);
                break;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Run of {Strategy} over {Code} begins: {Workers} workers on {Fabric}, {Rounds} rounds, spec {Spec}")]
    public partial void Begins(string strategy, string code, int workers, string fabric, long rounds, string spec);

    [LoggerMessage(2, LogLevel.Information, "Run ends {Status} after {Rounds} rounds, trajectory {Trajectory}. {Reason}")]
    public partial void Ends(string status, long rounds, string trajectory, string reason);

    /// <summary>A worker's objective failed.</summary>
    [LoggerMessage(18, LogLevel.Warning, "Slot {Slot}: its objective failed: {Reason}")]
    public partial void Faulted(int slot, string reason);

    [LoggerMessage(10, LogLevel.Information, "Slot {Slot} joined before round {Round} was done")]
    private partial void Joined(int slot, long round);

    [LoggerMessage(11, LogLevel.Warning, "Slot {Slot} was lost in round {Round}")]
    private partial void Lost(int slot, long round);

    [LoggerMessage(12, LogLevel.Warning, "Round {Round} waits: {Missing} slots are missing")]
    private partial void Missing(long round, int missing);

    [LoggerMessage(13, LogLevel.Debug, "Slot {Slot} is asked for row {Row} in round {Round}")]
    private partial void Asked(int slot, int row, long round);

    [LoggerMessage(14, LogLevel.Warning, "Feedback of stream {Stream} was lost with its last holder in round {Round} and starts at zero")]
    private partial void FeedbackReset(int stream, long round);

    [LoggerMessage(15, LogLevel.Warning, "A message of slot {Slot} for row {Row} was refused in round {Round}, code {Reject}")]
    private partial void Rejected(int slot, int row, long round, double reject);

    [LoggerMessage(19, LogLevel.Warning, "Row {Row} mixes blocks {Blocks}, whose gradients differ {Ratio:0}-fold in scale")]
    private partial void Uneven(int row, string blocks, double ratio);

    [LoggerMessage(16, LogLevel.Information, "Snapshot after {Round} rounds saved in {Milliseconds:0.0} ms")]
    private partial void Checkpoint(long round, double milliseconds);

    [LoggerMessage(17, LogLevel.Debug, "Round {Round} is done: loss {Loss}, {Milliseconds:0.0} ms")]
    private partial void Round(long round, double loss, double milliseconds);
}

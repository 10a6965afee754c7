namespace Sidestep;

/// <summary>What happened.</summary>
public enum Phase
{
    /// <summary>A round ended at the coordinator: start and end of the round; value: the mean loss.</summary>
    Round,

    /// <summary>A slot computed a row: start and end of the computation; value: its cost in partition gradients, 0 if it was cut short.</summary>
    Compute,

    /// <summary>A slot held its lane because of rehearsed weather.</summary>
    Weather,

    /// <summary>A share arrived at the coordinator in time; value: payload bytes.</summary>
    Share,

    /// <summary>A share arrived too late to be used.</summary>
    Late,

    /// <summary>The coordinator asked a slot for a row.</summary>
    Ask,

    /// <summary>A session is there; value: rounds done.</summary>
    Joined,

    /// <summary>A session is gone.</summary>
    Lost,

    /// <summary>The coordinator decoded.</summary>
    Decode,

    /// <summary>The optimizer stepped.</summary>
    Step,

    /// <summary>A model was sent to a slot; value: payload bytes.</summary>
    Model,

    /// <summary>The model was measured on a set: name: the set; value: the loss.</summary>
    Evaluate,

    /// <summary>A metric of the last evaluation: name: its full name, such as <c>validation.accuracy</c>; value: its value.</summary>
    Metric,

    /// <summary>The run waits for missing slots; value: how many are missing.</summary>
    Missing,

    /// <summary>A stream's feedback was lost with its last holder and starts at zero again; row: the stream.</summary>
    FeedbackReset,

    /// <summary>A snapshot was saved.</summary>
    Checkpoint,

    /// <summary>A frame was refused; value: the reject code's number.</summary>
    Rejected,

    /// <summary>The coordinator clipped the decoded gradient; value: its norm before.</summary>
    Clip,

    /// <summary>The model is the best so far: name: the metric that says so; value: its value.</summary>
    Best,

    /// <summary>Blocks that one row mixes have gradients of very different scale: row: the row; name: the two blocks; value: how many times one exceeds the other.</summary>
    Uneven,
}

/// <summary>One event of a run; feeds live view, ledger, CSV, Gantt and goldens. All times are <see cref="INode.Elapsed"/>: one axis for all nodes.</summary>
/// <param name="Slot">Whose, or <see cref="Slots.Coordinator"/>.</param>
/// <param name="Round">The round.</param>
/// <param name="Row">The row, or −1.</param>
/// <param name="Phase">What.</param>
/// <param name="Start">When it began, since the run's start.</param>
/// <param name="End">When it ended.</param>
/// <param name="Value">A number of the phase's own.</param>
/// <param name="Name">What the value is of, for phases that say so. Only the coordinator's own events have names.</param>
public readonly record struct RunEvent(
    int Slot, long Round, int Row, Phase Phase, TimeSpan Start, TimeSpan End, double Value = 0, string? Name = null);

namespace Sidestep.Training;

/// <summary>What a writer with error feedback holds back: all that was given minus all that was sent and used.</summary>
public interface IFeedbackMemory
{
    /// <summary>The debt after the last write (and its settlement), in the unit of the written vectors. Changes with the next call.</summary>
    ReadOnlySpan<float> Held { get; }

    /// <summary>The debt before the last write: what a replica needs that writes the same round. Empty if there was no write since the start or a load.</summary>
    ReadOnlySpan<float> HeldBefore { get; }

    /// <summary>The round of the last write, −1 before any.</summary>
    long ValidAfter { get; }

    /// <summary>Saves the memory as it was before the last write, in the form the writer loads: for a snapshot in the middle of a round.</summary>
    /// <param name="writer">Receives the state.</param>
    void SaveBefore(IStateWriter writer);
}

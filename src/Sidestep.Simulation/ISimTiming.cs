namespace Sidestep.Simulation;

/// <summary>How long things take in the simulator, where that is known better than by its own rules. Called on the simulator's thread, in virtual order.</summary>
/// <remarks>Answers must be a function of the arguments and of what was asked before, or the same seed does not give the same trace.
/// <code>var sim = new SimFabric { Timing = timing };</code></remarks>
public interface ISimTiming
{
    /// <summary>How long a message is under way; links stay in order, whatever is answered.</summary>
    /// <param name="message">The message; joins and losses, which the fabric itself tells the coordinator, are among them.</param>
    /// <returns>Null: by the simulator's own rule.</returns>
    TimeSpan? Latency(in Message message);

    /// <summary>How long a computation takes, rehearsed delays not counted.</summary>
    /// <param name="slot">The slot, or <see cref="Slots.Coordinator"/>.</param>
    /// <param name="work">The computation.</param>
    /// <returns>Null: by the simulator's own rule.</returns>
    TimeSpan? Duration(int slot, Work work);
}

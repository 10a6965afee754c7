namespace Sidestep.Training;

/// <summary>When a worker whose shares are applied as they come gets its next model, and what its samples are drawn by. Pure state machine; keeps no clock.</summary>
internal interface IPacing
{
    /// <summary>A slot has a new session.</summary>
    void Joined(int slot);

    /// <summary>A slot is gone.</summary>
    void Lost(int slot);

    /// <summary>Whether a slot that has nothing to do may be sent the newest model.</summary>
    bool MayStart(int slot);

    /// <summary>The round a slot's next model is sent as: its samples are drawn by it.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="version">Updates applied so far.</param>
    long Label(int slot, long version);

    /// <summary>The shares of a slot's last model were applied.</summary>
    void Applied(int slot);
}

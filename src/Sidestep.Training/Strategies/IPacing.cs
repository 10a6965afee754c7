namespace Sidestep.Training;

/// <summary>When a worker of an asynchronous run gets its next model, and which gradients count. Pure state machine; keeps no clock.</summary>
internal interface IPacing
{
    /// <summary>The step of one share: the optimizer moves along this multiple of its sum, over the samples of a round.</summary>
    double Step { get; }

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

    /// <summary>How old the model of a share is, in the pacing's own unit; negative: no model of that label can have been sent.</summary>
    long Staleness(int slot, long label, long version);

    /// <summary>Whether a share of such staleness counts.</summary>
    bool Takes(long staleness);

    /// <summary>A share of a slot was applied.</summary>
    void Applied(int slot);
}

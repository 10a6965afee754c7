namespace Sidestep.Training;

/// <summary>What a slot is sent: a label, and the model it stands for.</summary>
/// <param name="Label">The round the samples are drawn by, and what shares are known by.</param>
/// <param name="Payload">The parameters; owned by whoever gave it.</param>
/// <param name="Fingerprint">Of the parameters.</param>
internal readonly record struct VersionModel(long Label, PayloadLease Payload, ulong Fingerprint);

/// <summary>The versions of an asynchronous run's model: which of them a slot works on next, and when what has come moves the model. Keeps no clock, never waits.</summary>
internal interface IVersions : IDisposable
{
    /// <summary>When <see cref="Advance"/> may have something to do although nothing came; <see cref="TimeSpan.MaxValue"/>: never.</summary>
    TimeSpan Due { get; }

    /// <summary>Messages to send after a model that was given, oldest first; whoever sends them clears the list.</summary>
    List<Message> Outgoing { get; }

    /// <summary>A slot has a new session.</summary>
    void Joined(int slot);

    /// <summary>A slot is gone.</summary>
    void Lost(int slot);

    /// <summary>What a slot shall work on next, counted as given to it; false: it is busy, or has to wait.</summary>
    bool TryNext(int slot, TimeSpan now, out VersionModel model);

    /// <summary>A share, or word that one will not come. Ownership of its payload moves here.</summary>
    /// <returns>Whether it was of use.</returns>
    bool Take(in Message message, TimeSpan now);

    /// <summary>Moves the model as far as what has come allows, one round at most.</summary>
    /// <returns>Whether a round was done, so that it is to be called again.</returns>
    bool Advance(TimeSpan now);

    /// <summary>The run is over: a version that has begun to move the model takes effect, so that no snapshot holds a part of it.</summary>
    void Close();
}

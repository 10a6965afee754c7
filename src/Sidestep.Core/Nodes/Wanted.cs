namespace Sidestep;

/// <summary>A match on a channel: the rule which messages a receive takes, and which it makes stale.</summary>
/// <remarks><see cref="Topic.Joined"/> and <see cref="Topic.Lost"/> have no round: they fit every round and never become stale.</remarks>
/// <param name="Match">What the program asked for.</param>
/// <param name="Channel">Its channel.</param>
internal readonly record struct Wanted(Match Match, ushort Channel)
{
    private const Topic Membership = Topic.Joined | Topic.Lost;

    /// <summary>Whether held messages may become stale by this receive.</summary>
    public bool DropsOlder => Match.Round >= 0;

    /// <summary>Whether the receive takes the message.</summary>
    public bool Takes(in Message message) =>
        Fits(message) && (!DropsOlder || message.Round == Match.Round || (message.Topic & Membership) != 0);

    /// <summary>Whether the receive says that nobody will ask for the message any more.</summary>
    public bool Outdates(in Message message) =>
        DropsOlder && message.Round < Match.Round && (message.Topic & Membership) == 0 && Fits(message);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Match.Topics}{(DropsOlder ? $" of round {Match.Round}" : "")}{(Match.From == Match.Anyone ? "" : $" from {NodeName.Of(Match.From)}")}{(Channel == 0 ? "" : $" on channel {Channel}")}");

    private bool Fits(in Message message) =>
        (message.Topic & Match.Topics) != 0 && message.Channel == Channel
        && (Match.From == Match.Anyone || Match.From == message.From);
}

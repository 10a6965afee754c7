namespace Sidestep.Hosting;

/// <summary>One round as far as it is known; recycled.</summary>
internal sealed class RoundRecord(int slots)
{
    public SlotRound[] Slots { get; } = new SlotRound[slots];

    public long Round { get; private set; }

    /// <summary>When it began, once it has ended.</summary>
    public long Began { get; private set; }

    /// <summary>When the last share came in time.</summary>
    public long LastShare { get; private set; }

    public bool HasEnded { get; private set; }

    public void Begin(long round)
    {
        (Round, Began, LastShare, HasEnded) = (round, 0, -1, false);
        Array.Fill(Slots, SlotRound.Unknown);
    }

    public void End(long began) => (Began, HasEnded) = (began, true);

    public void Share(long at) => LastShare = HasEnded ? LastShare : Math.Max(LastShare, at);
}

namespace Sidestep.Coding;

/// <summary>A policy for on-request rows: told what came and who is lost, it says what to ask of whom. Keeps no clock, never waits.</summary>
internal interface IRequests
{
    /// <summary>Lost slots, one flag each.</summary>
    Span<bool> LostSlots { get; }

    /// <summary>Starts a round; who is lost stays lost.</summary>
    void Begin();

    /// <summary>A payload came.</summary>
    void Came(int row);

    /// <summary>A row will not come.</summary>
    void Over(int row);

    /// <summary>A slot is lost: what was asked of it must be asked of others.</summary>
    void Lost(int slot);

    /// <summary>A slot is there again; rows of its that were given up may come.</summary>
    void Returned(int slot);

    /// <summary>Rows to ask for now; each is given out once. Valid until the next call.</summary>
    /// <param name="shares">What has arrived.</param>
    ReadOnlyMemory<int> Collect(ArrivedShares shares);

    /// <summary>Rows withdrawn from their slots since the last call. Valid until the next event.</summary>
    ReadOnlyMemory<int> TakeWithdrawn();

    /// <summary>Saves who is lost, all that outlives a round.</summary>
    void Save(IStateWriter writer) => writer.Write<byte>("lost", Array.ConvertAll(LostSlots.ToArray(), lost => (byte)(lost ? 1 : 0)));

    /// <summary>Loads who is lost.</summary>
    void Load(IStateReader reader)
    {
        var lost = new byte[LostSlots.Length];
        reader.Read<byte>("lost", lost);
        for (var slot = 0; slot < lost.Length; slot++)
        {
            LostSlots[slot] = lost[slot] != 0;
        }
    }
}

namespace Sidestep.Training;

/// <summary>Who holds the memory of which stream, and who waits for it. Pure state machine of the coordinator.</summary>
/// <remarks>A slot holds a stream from the first round on, or once it was given the state or has delivered a share in this session, and until it says that it needs the state.</remarks>
internal sealed class StreamDirectory(CodeTable<float> table, RowStreams streams)
{
    /// <summary>Where a request goes.</summary>
    public enum Source
    {
        /// <summary>To a slot that holds the state.</summary>
        Slot,

        /// <summary>To the coordinator's restored copy.</summary>
        Restored,

        /// <summary>Nobody holds it: it starts at zero again.</summary>
        Nobody,
    }

    private readonly bool[] _holds = new bool[table.Rows.Length];
    private readonly long[] _delivered = Enumerable.Repeat(-1L, table.Rows.Length).ToArray();
    private readonly long[] _needs = Enumerable.Repeat(-1L, table.Rows.Length).ToArray();
    private readonly int[] _giver = Enumerable.Repeat(-1, table.Rows.Length).ToArray();

    /// <summary>States restored from a snapshot, by stream; valid for <see cref="RestoredRound"/> only.</summary>
    public Dictionary<int, byte[]> Restored { get; } = [];

    /// <summary>The round restored states are valid for.</summary>
    public long RestoredRound { get; set; } = -1;

    /// <summary>A row's slot has the memory, as a share of it proves, or its word that it was given the state.</summary>
    public void Delivered(int row, long round)
    {
        _holds[row] = true;
        _needs[row] = -1;
        _delivered[row] = Math.Max(_delivered[row], round);
        if (streams.Replicas(streams[row]) == 1)
        {
            Restored.Remove(streams[row]);
        }
    }

    /// <summary>A session of a slot begins; before the first round its empty memory is the right one.</summary>
    public void Joined(int slot, long round)
    {
        for (var row = 0; row < table.Rows.Length && round == 0; row++)
        {
            _holds[row] |= table.Rows[row].Worker == slot;
        }
    }

    public bool Holds(int row) => _holds[row];

    /// <summary>A row's slot needs the state for a round.</summary>
    public (Source Source, int Row) Needs(int row, long round)
    {
        _holds[row] = false;
        _needs[row] = round;
        var holder = Holder(streams[row], row);
        _giver[row] = holder;
        if (holder >= 0)
        {
            return (Source.Slot, holder);
        }

        // Whoever is served by the coordinator holds the stream from then on, so that others are not served another copy.
        _holds[row] = true;
        _needs[row] = -1;

        // Alone with its stream, a slot has given nothing since the snapshot, whatever round it is.
        var valid = RestoredRound == round || streams.Replicas(streams[row]) == 1;
        return valid && Restored.ContainsKey(streams[row]) ? (Source.Restored, row) : (Source.Nobody, row);
    }

    /// <summary>The row, other than the given one, whose slot holds the stream and delivered last; −1: none.</summary>
    public int Holder(int stream, int except = -1)
    {
        var best = -1;
        for (var row = 0; row < table.Rows.Length; row++)
        {
            if (row != except && _holds[row] && streams[row] == stream && (best < 0 || _delivered[row] > _delivered[best]))
            {
                best = row;
            }
        }

        return best;
    }

    /// <summary>A slot is gone: it holds and needs nothing; appends the rows whose requests it was to answer.</summary>
    public void Lost(int slot, List<(int Row, long Round)> again)
    {
        for (var row = 0; row < table.Rows.Length; row++)
        {
            if (table.Rows[row].Worker == slot)
            {
                _holds[row] = false;
                _needs[row] = _delivered[row] = -1;
            }
        }

        for (var row = 0; row < table.Rows.Length; row++)
        {
            if (_needs[row] >= 0 && _giver[row] >= 0 && table.Rows[_giver[row]].Worker == slot)
            {
                again.Add((row, _needs[row]));
            }
        }
    }
}

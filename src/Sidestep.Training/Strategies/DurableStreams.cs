namespace Sidestep.Training;

/// <summary>Whether compressor memory would survive one more death: memory of a round that only one slot has written dies with that slot. Pure state.</summary>
internal sealed class DurableStreams(CodeTable<float> table, RowStreams streams, SlotLedger slots)
{
    private readonly int[] _living = new int[table.Rows.Length];
    private readonly int[] _written = new int[table.Rows.Length];

    /// <summary>Whether two living replicas of every stream (or all that live) have written the round.</summary>
    /// <param name="came">Rows that came in this round.</param>
    public bool AreSafe(ReadOnlySpan<bool> came)
    {
        Array.Clear(_living);
        Array.Clear(_written);
        for (var row = 0; row < table.Rows.Length; row++)
        {
            if (slots.IsThere(table.Rows[row].Worker))
            {
                _living[streams[row]]++;
                _written[streams[row]] += came[row] ? 1 : 0;
            }
        }

        for (var stream = 0; stream < _living.Length; stream++)
        {
            if (_written[stream] < Math.Min(2, _living[stream]))
            {
                return false;
            }
        }

        return true;
    }
}

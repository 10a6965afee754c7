namespace Sidestep.Training;

/// <summary>Numbers the streams of a table: rows with the same terms over the same partitions carry the same bytes and share one stream.</summary>
/// <remarks>A stream is named by its first row. Replicas of a stream hold the same compressor memory.</remarks>
internal sealed class RowStreams
{
    private readonly int[] _streamOfRow;
    private readonly int[] _rowsOfStream;

    public RowStreams(CodeTable<float> table)
    {
        _streamOfRow = new int[table.Rows.Length];
        _rowsOfStream = new int[table.Rows.Length];
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var row = 0; row < table.Rows.Length; row++)
        {
            var key = string.Join(';', table.Rows[row].Terms.Select(t => Describe(table, t)));
            if (!first.TryGetValue(key, out var stream))
            {
                first.Add(key, stream = row);
            }

            _streamOfRow[row] = stream;
            _rowsOfStream[stream]++;
        }
    }

    public int this[int row] => _streamOfRow[row];

    /// <summary>How many rows carry the stream.</summary>
    public int Replicas(int stream) => _rowsOfStream[stream];

    private static string Describe(CodeTable<float> table, Term<float> term) =>
        string.Join(',', table.Items[term.Item].Mix.Select(m => $"{m.Partition}*{Bits(m.Weight)}")) + $"@{term.Block}*{Bits(term.Weight)}";

    private static int Bits(float value) => BitConverter.SingleToInt32Bits(value);
}

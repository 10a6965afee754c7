namespace Sidestep.Coding;

/// <summary>Adds the verdicts of a decoder's parts up to one. Allocates nothing after it was made.</summary>
internal sealed class VerdictBuffer
{
    private readonly double[] _squares;
    private readonly int[] _wanted;
    private readonly int[] _ready;
    private readonly int[] _suspects;
    private readonly int[] _withdrawn;
    private (int Wanted, int Ready, int Suspects, int Withdrawn) _count;

    /// <param name="parts">Number of parts.</param>
    /// <param name="table">The whole's table.</param>
    public VerdictBuffer(int parts, CodeTable<float> table)
    {
        _squares = new double[parts];
        (_wanted, _withdrawn) = (new int[table.Rows.Length], new int[table.Rows.Length]);
        (_ready, _suspects) = (new int[table.Blocks], new int[table.Workers]);
    }

    /// <summary>Squared residual of a part when it last spoke.</summary>
    public double Squared(int part) => _squares[part];

    /// <summary>Starts a new answer; residuals stay.</summary>
    public void Clear() => _count = default;

    /// <summary>Takes in what a part said, in the whole's numbers.</summary>
    /// <param name="part">The part.</param>
    /// <param name="verdict">What it said.</param>
    /// <param name="firstRow">The whole's number of its row 0.</param>
    /// <param name="firstSlot">The whole's number of its slot 0.</param>
    public void Add(int part, in Verdict verdict, int firstRow, int firstSlot)
    {
        _squares[part] = verdict.Residual * verdict.Residual;
        _count.Wanted = Append(_wanted, _count.Wanted, verdict.Wanted.Span, firstRow);
        _count.Withdrawn = Append(_withdrawn, _count.Withdrawn, verdict.Withdrawn.Span, firstRow);
        _count.Suspects = Append(_suspects, _count.Suspects, verdict.Suspects.Span, firstSlot);
    }

    /// <summary>A block of the whole became known.</summary>
    public void Ready(int block) => _ready[_count.Ready++] = block;

    /// <summary>The whole's verdict.</summary>
    public Verdict Answer()
    {
        double squares = 0;
        foreach (var square in _squares)
        {
            squares += square;
        }

        return new Verdict(
            Math.Sqrt(squares),
            _wanted.AsMemory(0, _count.Wanted),
            _ready.AsMemory(0, _count.Ready),
            _suspects.AsMemory(0, _count.Suspects),
            _withdrawn.AsMemory(0, _count.Withdrawn));
    }

    private static int Append(int[] list, int count, ReadOnlySpan<int> values, int offset)
    {
        foreach (var value in values)
        {
            list[count++] = value + offset;
        }

        return count;
    }
}

namespace Sidestep.Coding;

/// <summary>What every derivative code can be told beside its lines.</summary>
/// <remarks><code>var code = PairLinesCode.Create(4, new LineOptions { Stragglers = 8 }); // 5 may be missing exactly, up to 8 by projection</code></remarks>
public sealed record LineOptions
{
    /// <summary>Whole workers a round may do without (s): it ends exactly as soon as the arrivals have rank K, else as a projection when all but s workers have answered.
    /// 0: it always waits until it is exact, however few arrivals that takes.</summary>
    public int Stragglers { get; init; }

    /// <summary>Data groups (D): the data are cut into D partitions, each with its own n workers and its own copy of the lines; the master adds the groups.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Whether workers can be asked for lines of others: when slots are lost or late, idle ones compute the lines that say most.</summary>
    public bool Requests { get; init; }

    /// <summary>Whether lines without full rank are accepted: then no round is ever exact, every one is a projection.</summary>
    public bool Lossy { get; init; }
}

namespace Sidestep.Cli.Report;

/// <summary>What a bar of a Gantt chart stands for.</summary>
internal enum BarKind
{
    /// <summary>Given the model, not yet at work on it.</summary>
    LateStart,

    /// <summary>Held up by rehearsed weather.</summary>
    Weather,

    /// <summary>Computing.</summary>
    Compute,

    /// <summary>A share was under way.</summary>
    Upload,

    /// <summary>No session.</summary>
    Away,
}

/// <summary>What a mark of a Gantt chart stands for.</summary>
internal enum MarkKind
{
    /// <summary>A share came in time.</summary>
    Share,

    /// <summary>A share came too late.</summary>
    Late,

    /// <summary>Somebody else's row was asked for.</summary>
    Ask,

    /// <summary>A session began.</summary>
    Joined,

    /// <summary>A session ended.</summary>
    Lost,
}

/// <summary>A stretch of a worker's time, in seconds of its session of the run.</summary>
internal readonly record struct Bar(int Slot, BarKind Kind, long Round, double Start, double End);

/// <summary>Something that happened to a worker.</summary>
internal readonly record struct Mark(int Slot, MarkKind Kind, long Round, double At);

/// <summary>A stretch of a run seen closely, one lane per worker.</summary>
internal sealed class GanttWindow(string title, int session, double start, double end)
{
    /// <summary>Bars and marks of a window beyond this are left out: the chart would be a blot, and the file too large.</summary>
    public const int MostItems = 3000;

    /// <summary>Which rounds.</summary>
    public string Title => title;

    /// <summary>Which session of the run.</summary>
    public int Session => session;

    /// <summary>Where it begins, in seconds since the session's start.</summary>
    public double Start => start;

    /// <summary>Where it ends.</summary>
    public double End => end;

    public List<Bar> Bars { get; } = [];

    public List<Mark> Marks { get; } = [];

    /// <summary>Ends of rounds.</summary>
    public List<(long Round, double At)> RoundEnds { get; } = [];

    /// <summary>Whether something was left out.</summary>
    public bool IsCut { get; private set; }

    public void Add(in Bar bar)
    {
        if (bar.End > bar.Start && bar.Start < End && bar.End > Start && HasRoom())
        {
            Bars.Add(bar with { Start = Math.Max(bar.Start, Start), End = Math.Min(bar.End, End) });
        }
    }

    public void Add(in Mark mark)
    {
        if (mark.At >= Start && mark.At <= End && HasRoom())
        {
            Marks.Add(mark);
        }
    }

    public void AddRoundEnd(long round, double at)
    {
        // Metrics and events are written with different numbers of digits.
        const double Rounding = 1e-5;
        if (at >= Start && at <= End + Rounding && HasRoom())
        {
            RoundEnds.Add((round, Math.Min(at, End)));
        }
    }

    private bool HasRoom()
    {
        IsCut |= Bars.Count + Marks.Count + RoundEnds.Count >= MostItems;
        return !IsCut;
    }
}

namespace Sidestep.Hosting;

/// <summary>Takes down a run of a race while it goes on, and ends it when its time is over.</summary>
/// <param name="length">How long it may train, from its first round on.</param>
/// <param name="drain">Cancelled when the time is over.</param>
internal sealed class RaceRecord(TimeSpan length, CancellationTokenSource drain)
{
    private readonly List<RacePoint> _points = [];
    private TimeSpan? _began;
    private long _updates, _shares, _late;
    private double _bytes;

    public void Hear(RunEvent happened)
    {
        switch (happened.Phase)
        {
            case Phase.Model:
                _began ??= happened.Start;
                break;
            case Phase.Round:
                _updates = happened.Round + 1;
                break;
            case Phase.Share:
                _shares++;
                _bytes += happened.Value;
                break;
            case Phase.Late or Phase.Rejected:
                _late++;
                break;
            case Phase.Evaluate when _began is { } began && happened.Start - began <= length:
                _points.Add(new RacePoint((happened.Start - began).TotalSeconds, _updates, happened.Value));
                break;
        }

        if (_began is { } start && happened.End - start >= length)
        {
            drain.Cancel();
        }
    }

    public RaceRun Of(RaceLane lane, ulong seed, double rate, bool diverged) => new(lane, string.Empty, seed, rate)
    {
        Points = diverged ? [.. _points, new RacePoint(length.TotalSeconds, _updates, double.PositiveInfinity)] : [.. _points],
        Shares = _shares,
        Late = _late,
        ShareBytes = _shares == 0 ? 0 : _bytes / _shares,
    };
}

using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>What the evaluations of a run have shown so far: the best model, how long there has been no better one, and the rate a plateau left. Pure state.</summary>
internal sealed class WatchState(Watch? watch, Plateau? plateau) : ISnapshot
{
    private long _bestRound = -1;
    private double _best;
    private long _lastRound = -1;
    private double _last = double.NaN;
    private int _waited;
    private int _flat;

    /// <summary>The best model; null: none yet.</summary>
    public BestModel? Best => watch is null || _bestRound < 0 ? null : new BestModel(_bestRound, watch.Metric, _best);

    /// <summary>What all rates are multiplied by.</summary>
    public double RateScale { get; private set; } = 1;

    /// <summary>Takes the watched metric of an evaluation at a round boundary of the plan.</summary>
    /// <returns>Whether it is an improvement.</returns>
    public bool Observe(long round, double value)
    {
        (_lastRound, _last) = (round, value);
        if (TakeBest(round, value))
        {
            _waited = _flat = 0;
            return true;
        }

        _waited++;
        if (plateau is not null && ++_flat >= plateau.Patience)
        {
            _flat = 0;
            RateScale = Math.Max(plateau.Least, RateScale * plateau.Factor);
        }

        return false;
    }

    /// <summary>Takes the metric of an evaluation that only the end of the run brought: patience does not count it, so a longer run goes the same way.</summary>
    /// <returns>Whether it is an improvement.</returns>
    public bool ObserveEnd(long round, double value) => TakeBest(round, value);

    /// <summary>Why the run ends now, for people; null: it goes on.</summary>
    public string? Ending()
    {
        if (watch is null)
        {
            return null;
        }

        if (watch.Target is { } target && (watch.LargerIsBetter ? _last >= target : _last <= target))
        {
            return Text($"target reached after round {_lastRound}: {watch.Metric} is {_last:0.######}, at {(watch.LargerIsBetter ? "least" : "most")} {target} was asked for");
        }

        if (watch.Patience == 0 || _waited < watch.Patience)
        {
            return null;
        }

        var by = watch.MinDelta > 0 ? Text($" by more than {watch.MinDelta}") : string.Empty;
        var best = _bestRound < 0 ? "it was never finite" : Text($"best {_best:0.######} after round {_bestRound}");
        return Text($"stopped early after round {_lastRound}: {watch.Metric} has not improved{by} for {_waited} evaluation{(_waited == 1 ? string.Empty : "s")}; {best}");
    }

    public void Save(IStateWriter writer)
    {
        writer.Write<byte>("metric", Encoding.UTF8.GetBytes(watch?.Metric ?? string.Empty));
        writer.Write<long>("rounds", [_bestRound, _lastRound]);
        writer.Write<double>("values", [_best, _last, RateScale]);
        writer.Write<int>("counts", [_waited, _flat]);
    }

    /// <summary>Continues; a run that watches another metric now has no best yet, but keeps its rate.</summary>
    public void Load(IStateReader reader)
    {
        Span<long> rounds = stackalloc long[2];
        Span<double> values = stackalloc double[3];
        Span<int> counts = stackalloc int[2];
        var metric = new byte[Math.Max(0, reader.Count<byte>("metric"))];
        reader.Read<byte>("metric", metric);
        reader.Read("rounds", rounds);
        reader.Read("values", values);
        reader.Read("counts", counts);
        RateScale = values[2];
        if (Encoding.UTF8.GetString(metric) == watch?.Metric)
        {
            (_bestRound, _lastRound, _best, _last) = (rounds[0], rounds[1], values[0], values[1]);
            (_waited, _flat) = (counts[0], counts[1]);
        }
    }

    private bool TakeBest(long round, double value)
    {
        var margin = watch!.LargerIsBetter ? value - _best : _best - value;
        if (!double.IsFinite(value) || (_bestRound >= 0 && !(margin > watch.MinDelta)))
        {
            return false;
        }

        (_bestRound, _best) = (round, value);
        return true;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

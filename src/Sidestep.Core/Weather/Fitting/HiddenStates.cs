namespace Sidestep;

/// <summary>A hidden two-state Markov chain under a series of delays, found by Baum and Welch's expectation–maximisation with lognormal delays in each state.</summary>
/// <remarks>Source: Baum, Petrie, Soules, Weiss, "A maximization technique occurring in the statistical analysis of probabilistic functions of Markov
/// chains", Annals of Mathematical Statistics 1970; scaled recursions after Rabiner, Proc. IEEE 1989. The start is the best split of the sorted
/// logarithms in two. State 1 is the slower one.</remarks>
internal sealed class HiddenStates
{
    private const int Passes = 200;
    private const double LeastDeviation = 1e-3;

    private readonly double[] _logs;
    private readonly bool[] _cut;
    private readonly double[] _mean = new double[2], _deviation = new double[2];
    private double _likelihood = double.NegativeInfinity;

    private HiddenStates(IReadOnlyList<LatencySample> series)
    {
        // One tick more, so that delays of zero have a logarithm.
        _logs = [.. series.Select(s => Math.Log(s.Delay.Ticks + 1.0))];
        _cut = [.. series.Select(s => s.Cut)];
        Bad = new double[_logs.Length];
    }

    /// <summary>Probability that each delay is of the slower state.</summary>
    public double[] Bad { get; }

    /// <summary>Probability of turning slow.</summary>
    public double Enter { get; private set; }

    /// <summary>Probability of turning fast again.</summary>
    public double Leave { get; private set; }

    /// <summary>Fits it; null: the delays do not split.</summary>
    public static HiddenStates? Fit(IReadOnlyList<LatencySample> series)
    {
        var states = new HiddenStates(series);
        return states.Start() && states.Improve() ? states : null;
    }

    private bool Start()
    {
        double[] sorted = [.. _logs.Order()];
        var cut = Split(sorted);
        if (sorted[^1] - sorted[0] < LeastDeviation)
        {
            return false;
        }

        for (var t = 0; t < _logs.Length; t++)
        {
            Bad[t] = _logs[t] > cut ? 1 : 0;
        }

        Estimate();
        int bad = 0, entered = 0, left = 0;
        for (var t = 0; t + 1 < _logs.Length; t++)
        {
            bad += Bad[t] > 0 ? 1 : 0;
            entered += Bad[t] == 0 && Bad[t + 1] > 0 ? 1 : 0;
            left += Bad[t] > 0 && Bad[t + 1] == 0 ? 1 : 0;
        }

        Enter = (entered + 0.5) / (_logs.Length - bad + 1);
        Leave = (left + 0.5) / (bad + 1);
        return true;
    }

    // The cut between two neighbours that leaves the least squares within the parts.
    private static double Split(double[] sorted)
    {
        double all = sorted.Sum(), left = 0, best = double.NegativeInfinity, cut = sorted[0];
        for (var i = 0; i + 1 < sorted.Length; i++)
        {
            left += sorted[i];
            var right = all - left;
            var between = (left * left / (i + 1)) + (right * right / (sorted.Length - i - 1));
            if (between > best && sorted[i + 1] > sorted[i])
            {
                (best, cut) = (between, 0.5 * (sorted[i] + sorted[i + 1]));
            }
        }

        return cut;
    }

    private bool Improve()
    {
        var forward = new double[_logs.Length, 2];
        var scale = new double[_logs.Length];
        for (var pass = 0; pass < Passes; pass++)
        {
            var likelihood = Forward(forward, scale);
            if (!double.IsFinite(likelihood))
            {
                return false;
            }

            Backward(forward, scale);
            Estimate();
            if (likelihood - _likelihood < 1e-7 * Math.Abs(likelihood))
            {
                break;
            }

            _likelihood = likelihood;
        }

        return Enter is > 0 and < 1 && Leave is > 0 and < 1;
    }

    private double Forward(double[,] forward, double[] scale)
    {
        double likelihood = 0;
        var share = Enter / (Enter + Leave);
        var (good, bad) = (1 - share, share);
        for (var t = 0; t < _logs.Length; t++)
        {
            var (g, b) = (good * Density(0, t), bad * Density(1, t));
            scale[t] = g + b;
            likelihood += Math.Log(scale[t]);
            (g, b) = (g / scale[t], b / scale[t]);
            (forward[t, 0], forward[t, 1]) = (g, b);
            (good, bad) = ((g * (1 - Enter)) + (b * Leave), (g * Enter) + (b * (1 - Leave)));
        }

        return likelihood;
    }

    private void Backward(double[,] forward, double[] scale)
    {
        double good = 1, bad = 1, entered = 0, left = 0, goods = 0, bads = 0;
        for (var t = _logs.Length - 1; t >= 0; t--)
        {
            var g = forward[t, 0] * good;
            var b = forward[t, 1] * bad;
            Bad[t] = b / (g + b);
            if (t == 0)
            {
                break;
            }

            var (toGood, toBad) = (Density(0, t) * good / scale[t], Density(1, t) * bad / scale[t]);
            entered += forward[t - 1, 0] * Enter * toBad;
            left += forward[t - 1, 1] * Leave * toGood;
            goods += forward[t - 1, 0] * (((1 - Enter) * toGood) + (Enter * toBad));
            bads += forward[t - 1, 1] * ((Leave * toGood) + ((1 - Leave) * toBad));
            (good, bad) = (((1 - Enter) * toGood) + (Enter * toBad), (Leave * toGood) + ((1 - Leave) * toBad));
        }

        (Enter, Leave) = (entered / Math.Max(1e-300, goods), left / Math.Max(1e-300, bads));
    }

    private void Estimate()
    {
        for (var state = 0; state < 2; state++)
        {
            double weight = 0, sum = 0, squares = 0;
            for (var t = 0; t < _logs.Length; t++)
            {
                var w = _cut[t] ? 0 : state == 1 ? Bad[t] : 1 - Bad[t];
                weight += w;
                sum += w * _logs[t];
                squares += w * _logs[t] * _logs[t];
            }

            var mean = weight > 0 ? sum / weight : _mean[state];
            _mean[state] = mean;
            _deviation[state] = Math.Max(LeastDeviation, Math.Sqrt(Math.Max(0, (squares / Math.Max(1e-300, weight)) - (mean * mean))));
        }
    }

    private double Density(int state, int t)
    {
        var z = (_logs[t] - _mean[state]) / _deviation[state];
        var value = _cut[t] ? 1 - NormalLaw.UpTo(z) : Math.Exp(-0.5 * z * z) / _deviation[state];
        return Math.Max(1e-250, value);
    }
}

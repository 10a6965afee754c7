namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>Eight workers on the reference problem of eight least squares with one optimum, each with its own copy of the model; steps by the product's rules.</summary>
internal sealed class DelayedDescent
{
    private const int Workers = 8, Features = 10, Samples = 20, Batch = 2;
    private const double Ridge = 0.1;
    private readonly double[,,] _inputs = new double[Workers, Samples, Features];
    private readonly double[,] _targets = new double[Workers, Samples];
    private readonly double[] _optimum;

    public DelayedDescent()
    {
        var random = new SplitMix(1);
        for (var i = 0; i < Workers * Samples * Features; i++)
        {
            _inputs[i / (Samples * Features), i / Features % Samples, i % Features] = random.Normal();
        }

        var truth = Enumerable.Range(0, Features).Select(_ => random.Normal()).ToArray();
        for (var i = 0; i < Workers * Features; i++)
        {
            random.Normal();
        }

        for (var i = 0; i < Workers * Samples; i++)
        {
            var (worker, sample) = (i / Samples, i % Samples);
            _targets[worker, sample] = (0.1 * random.Normal()) + Enumerable.Range(0, Features).Sum(j => _inputs[worker, sample, j] * truth[j]);
        }

        _optimum = new double[Features];
        for (var i = 0; i < 4000; i++)
        {
            var gradient = new double[Features];
            for (var worker = 0; worker < Workers; worker++)
            {
                for (var sample = 0; sample < Samples; sample++)
                {
                    AddGradient(worker, sample, _optimum, gradient, 1.0 / (Workers * Samples));
                }
            }

            for (var j = 0; j < Features; j++)
            {
                _optimum[j] -= 0.3 * (gradient[j] + (Ridge * _optimum[j]));
            }
        }
    }

    /// <summary>The largest curvature of a worker's loss.</summary>
    public static double Smoothness => 2.7605384616;

    /// <summary>‖x − x*‖² after so many updates, and the mean staleness.</summary>
    public (double Error, double Staleness) Run(StepRule rule, double rate, int updates, ulong seed)
    {
        var random = new SplitMix(seed);
        var model = new double[Features];
        var copies = Enumerable.Range(0, Workers).Select(_ => new double[Features]).ToArray();
        var read = new long[Workers];
        var ready = Enumerable.Range(0, Workers).Select(_ => random.Exponential()).ToArray();
        double total = 0;
        for (var update = 1; update <= updates; update++)
        {
            var worker = Array.IndexOf(ready, ready.Min());
            var staleness = update - 1 - read[worker];
            total += staleness;
            var gradient = new double[Features];
            for (var i = 0; i < Batch; i++)
            {
                AddGradient(worker, (int)(random.Next() % Samples), copies[worker], gradient, 1.0 / Batch);
            }

            var step = rule.Step(rate, staleness, update, Workers);
            for (var j = 0; j < Features; j++)
            {
                model[j] -= step * (gradient[j] + (Ridge * copies[worker][j]));
            }

            model.CopyTo(copies[worker], 0);
            read[worker] = update;
            ready[worker] += random.Exponential();
        }

        var error = Enumerable.Range(0, Features).Sum(j => (model[j] - _optimum[j]) * (model[j] - _optimum[j]));
        return (error, total / updates);
    }

    private void AddGradient(int worker, int sample, double[] model, double[] gradient, double weight)
    {
        var residual = -_targets[worker, sample];
        for (var j = 0; j < Features; j++)
        {
            residual += _inputs[worker, sample, j] * model[j];
        }

        for (var j = 0; j < Features; j++)
        {
            gradient[j] += weight * residual * _inputs[worker, sample, j];
        }
    }
}

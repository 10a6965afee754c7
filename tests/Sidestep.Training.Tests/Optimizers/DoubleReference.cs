namespace Sidestep.Training.Tests.Optimizers;

/// <summary>The textbook forms in double, one element after another, written independently of the kernels.</summary>
internal sealed class DoubleReference(string name, float[] start)
{
    private readonly double[] _a = new double[start.Length];
    private readonly double[] _b = new double[start.Length];
    private double _t = 1;
    private double _lastBeta;
    private int _steps;

    public double[] W { get; } = [.. start.Select(w => (double)w)];

    public void Step(double rate, float[] g)
    {
        _steps++;
        var next = (1 + Math.Sqrt(1 + (4 * _t * _t))) / 2;
        if (name == "fista")
        {
            Fista(rate, g, next);
            return;
        }

        for (var i = 0; i < g.Length; i++)
        {
            switch (name)
            {
                case "sgd":
                    W[i] -= rate * g[i];
                    break;
                case "momentum":
                    _a[i] = (0.9 * _a[i]) + g[i];
                    W[i] -= rate * _a[i];
                    break;
                case "nesterov":
                    _a[i] = (0.9 * _a[i]) + g[i];
                    W[i] -= rate * (g[i] + (0.9 * _a[i]));
                    break;
                default:
                    Adam(rate, g[i], i, name == "adamw" ? 0.1 : 0);
                    break;
            }
        }
    }

    private void Adam(double rate, double g, int i, double decay)
    {
        W[i] -= rate * decay * W[i];
        _a[i] = (0.9 * _a[i]) + (0.1 * g);
        _b[i] = (0.999 * _b[i]) + (0.001 * g * g);
        W[i] -= rate * (_a[i] / (1 - Math.Pow(0.9, _steps))) / (Math.Sqrt(_b[i] / (1 - Math.Pow(0.999, _steps))) + 1e-8);
    }

    private void Fista(double rate, float[] g, double next)
    {
        double uphill = 0;
        for (var i = 0; i < g.Length; i++)
        {
            uphill += g[i] * ((_lastBeta * _a[i]) + g[i]);
        }

        if (uphill < 0)
        {
            (_t, _lastBeta) = (1, 0);
            next = (1 + Math.Sqrt(5)) / 2;
        }

        var beta = (_t - 1) / next;
        for (var i = 0; i < g.Length; i++)
        {
            _a[i] = (_lastBeta * _a[i]) + g[i];
            W[i] -= rate * (g[i] + (beta * _a[i]));
        }

        (_t, _lastBeta) = (next, beta);
    }
}

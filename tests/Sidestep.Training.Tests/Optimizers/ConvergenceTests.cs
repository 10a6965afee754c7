namespace Sidestep.Training.Tests.Optimizers;

public sealed class ConvergenceTests
{
    /// <summary>½ Σ aᵢ(wᵢ − 1)² with a from 0.01 to 1: condition 100.</summary>
    private static readonly double[] Curvature = [.. Enumerable.Range(0, 20).Select(i => Math.Pow(100, (i / 19.0) - 1))];

    [Theory]
    [InlineData("sgd", 1500)]
    [InlineData("momentum", 300)]
    [InlineData("nesterov", 220)]
    [InlineData("fista", 220)]
    [InlineData("adam", 1500)]
    public void Step_quadratic_reaches_1e_6(string name, int rounds)
    {
        IOptimizer optimizer = name switch
        {
            "sgd" => new Sgd(1.0),
            "momentum" => new Momentum(1.0, 0.9),
            "nesterov" => new Nesterov(1.0, (1 - 0.1) / (1 + 0.1)),
            "fista" => new Nesterov(1.0),
            _ => new Adam(new CosineSchedule(0.05, 1500)),
        };
        Assert.True(Minimize(optimizer, rounds) < 1e-6, $"{name}: {Minimize(optimizer, rounds)}");
    }

    [Fact]
    public void Fista_constant_rate_equals_the_published_recursion()
    {
        // Beck and Teboulle 2009, (4.1)–(4.3): x_k = y_k − g(y_k)/L, t_{k+1} = (1 + √(1 + 4t_k²))/2, y_{k+1} = x_k + (t_k − 1)/t_{k+1}·(x_k − x_{k−1}).
        var session = new Nesterov(0.5).Create(20);
        var w = new float[20];
        var (x, y, t) = (new double[20], new double[20], 1.0);
        for (var round = 0; round < 12; round++)
        {
            session.Step(round, w, Gradient(w));
            var next = (1 + Math.Sqrt(1 + (4 * t * t))) / 2;
            for (var i = 0; i < 20; i++)
            {
                var moved = y[i] - (0.5 * Curvature[i] * (y[i] - 1));
                y[i] = moved + ((t - 1) / next * (moved - x[i]));
                x[i] = moved;
                Assert.Equal(y[i], w[i], 1e-5);
            }

            t = next;
        }
    }

    [Fact]
    public void Nesterov_logistic_regression_comes_within_1e_6_of_the_optimum()
    {
        var (rows, labels) = Separable();
        var best = Train(new Nesterov(1.0), 4000, rows, labels);
        var nesterov = Train(new Nesterov(1.0), 250, rows, labels) - best;
        var constant = Train(new Nesterov(1.0, 0.95), 250, rows, labels) - best;
        var sgd = Train(new Sgd(1.0), 250, rows, labels) - best;
        Assert.True(nesterov is > -1e-9 and < 1e-6 && constant < 1e-6 && sgd > 1e-4, $"nesterov {nesterov}, 0.95 {constant}, sgd {sgd}");
    }

    private static double Minimize(IOptimizer optimizer, int rounds)
    {
        var session = optimizer.Create(20);
        var w = new float[20];
        for (var round = 0; round < rounds; round++)
        {
            session.Step(round, w, Gradient(w));
        }

        return w.Select((x, i) => 0.5 * Curvature[i] * (x - 1) * (x - 1)).Sum();
    }

    private static float[] Gradient(float[] w) => [.. w.Select((x, i) => (float)(Curvature[i] * (x - 1)))];

    private static (float[][] Rows, float[] Labels) Separable()
    {
        using var folder = new Data.DataFolder();
        var (rows, labels) = Data.DataFolder.ReadAll(folder.Open(new GaussianMixtureSource(300, 10, 2, 1.5, Seed: 3)));
        return ([.. rows.Select(r => r.Select((x, f) => x / (1 + f)).ToArray())], labels);
    }

    private static double Train(IOptimizer optimizer, int rounds, float[][] rows, float[] labels)
    {
        const double decay = 1e-3;
        var session = optimizer.Create(10);
        var w = new float[10];
        double loss = 0;
        for (var round = 0; round <= rounds; round++)
        {
            var g = w.Select(x => decay * x).ToArray();
            loss = 0.5 * decay * w.Sum(x => (double)x * x);
            for (var i = 0; i < rows.Length; i++)
            {
                var margin = labels[i] * rows[i].Zip(w, (a, b) => (double)a * b).Sum();
                loss += Math.Log(1 + Math.Exp(-margin)) / rows.Length;
                var slope = -labels[i] / (1 + Math.Exp(margin)) / rows.Length;
                for (var f = 0; f < g.Length; f++)
                {
                    g[f] += slope * rows[i][f];
                }
            }

            if (round < rounds)
            {
                session.Step(round, w, [.. g.Select(x => (float)x)]);
            }
        }

        return loss;
    }
}

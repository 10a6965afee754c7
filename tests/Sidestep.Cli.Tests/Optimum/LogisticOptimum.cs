namespace Sidestep.Cli.Tests.Optimum;

/// <summary>f(w, b) = mean of ln(1 + e^(−y(xᵀw + b))) + λ/2·‖w‖², its minimum by Newton's method, all in double. The last parameter is b.</summary>
internal sealed class LogisticOptimum(SparseRows data, double l2)
{
    private const int MostSteps = 50;
    private const double SmallestDecrement = 1e-20;

    private int Length => data.Features + 1;

    /// <summary>The minimum; steps are halved until they descend (Armijo).</summary>
    public (double Loss, double GradientNorm) Solve()
    {
        var point = new double[Length];
        var loss = Loss(point);
        for (var step = 0; step < MostSteps; step++)
        {
            var (gradient, hessian) = Derivatives(point);
            var direction = Cholesky.Solve(hessian, gradient);
            var decrement = Dot(gradient, direction);
            if (decrement < SmallestDecrement)
            {
                return (loss, Math.Sqrt(Dot(gradient, gradient)));
            }

            (point, loss) = Descend(point, loss, direction, decrement);
        }

        throw new InvalidOperationException($"Newton's method did not converge in {MostSteps} steps");
    }

    /// <summary>f at a point.</summary>
    public double Loss(ReadOnlySpan<double> point)
    {
        double sum = 0;
        foreach (var (columns, values, sign) in data.Rows)
        {
            var margin = sign * Score(point, columns, values);
            sum += Math.Max(-margin, 0) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
        }

        var weights = point[..data.Features];
        return (sum / data.Rows.Count) + (l2 / 2 * Dot(weights, weights));
    }

    private (double[] Point, double Loss) Descend(double[] from, double loss, double[] direction, double decrement)
    {
        const double Armijo = 1e-4;
        const double RoundingOfLoss = 1e-15;
        for (double length = 1; length > 1e-12; length /= 2)
        {
            var to = from.Select((x, i) => x - (length * direction[i])).ToArray();
            var next = Loss(to);
            if (next <= loss - (Armijo * length * decrement) + RoundingOfLoss)
            {
                return (to, next);
            }
        }

        throw new InvalidOperationException("Newton's direction does not descend");
    }

    private (double[] Gradient, double[,] Hessian) Derivatives(double[] point)
    {
        var gradient = new double[Length];
        var hessian = new double[Length, Length];
        foreach (var (columns, values, sign) in data.Rows)
        {
            var probability = 1 / (1 + Math.Exp(-Score(point, columns, values)));
            var slope = probability - (sign > 0 ? 1 : 0);
            var bend = probability * (1 - probability);
            int[] at = [.. columns, data.Features];
            double[] x = [.. values, 1];
            for (var i = 0; i < at.Length; i++)
            {
                gradient[at[i]] += slope * x[i];
                for (var j = 0; j < at.Length; j++)
                {
                    hessian[at[i], at[j]] += bend * x[i] * x[j];
                }
            }
        }

        for (var i = 0; i < Length; i++)
        {
            gradient[i] /= data.Rows.Count;
            for (var j = 0; j < Length; j++)
            {
                hessian[i, j] /= data.Rows.Count;
            }
        }

        for (var i = 0; i < data.Features; i++)
        {
            gradient[i] += l2 * point[i];
            hessian[i, i] += l2;
        }

        return (gradient, hessian);
    }

    private double Score(ReadOnlySpan<double> point, int[] columns, double[] values)
    {
        var score = point[data.Features];
        for (var i = 0; i < columns.Length; i++)
        {
            score += values[i] * point[columns[i]];
        }

        return score;
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}

namespace Sidestep.Cli.Tests.Optimum;

/// <summary>Positive definite systems in double.</summary>
internal static class Cholesky
{
    /// <summary>Solves matrix·x = right.</summary>
    public static double[] Solve(double[,] matrix, double[] right)
    {
        var factor = Factor(matrix);
        var x = (double[])right.Clone();
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                x[i] -= factor[i, j] * x[j];
            }

            x[i] /= factor[i, i];
        }

        for (var i = x.Length - 1; i >= 0; i--)
        {
            for (var j = i + 1; j < x.Length; j++)
            {
                x[i] -= factor[j, i] * x[j];
            }

            x[i] /= factor[i, i];
        }

        return x;
    }

    private static double[,] Factor(double[,] matrix)
    {
        var size = matrix.GetLength(0);
        var factor = new double[size, size];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    rest -= factor[i, k] * factor[j, k];
                }

                if (i == j && !(rest > 0))
                {
                    throw new InvalidOperationException($"pivot {i} is {rest}: the matrix is not positive definite");
                }

                factor[i, j] = i == j ? Math.Sqrt(rest) : rest / factor[j, j];
            }
        }

        return factor;
    }
}

namespace Sidestep.Coding;

/// <summary>The immediate decoder (matched filter, D2): what a row adds to the gradient the moment it arrives, whoever else arrives.</summary>
/// <remarks>
/// The weights are those of the full arrival set: with all rows of one version of the model the increments add up to the whole gradient. They are the
/// least-norm weights that do; for a tight frame VᵀV = (n/K)·I that is (K/n)·V[i, b], for uncoded rows 1, for rows that s + 1 workers send 1/(s + 1).
/// If only some rows come, independently with probability 1 − q, the sum divided by 1 − q is unbiased. Rows on request have no weights.
/// Cost: O(cells² · rows) once, nothing later.
/// Source: asynchronous updates of Soto, Ilmer, Guan, Li, "Lightweight Projective Derivative Codes for Compressed Asynchronous Gradient Descent", ICML 2022
/// (our reconstruction).
/// <code>foreach (var (block, weight) in ImmediateWeights.Of(PairLinesCode.Create(4)).Of(row: 3)) { /* gradient[block] += weight · share */ }</code>
/// </remarks>
public sealed class ImmediateWeights
{
    // The table's weights are floats.
    private const double Tolerance = 1e-5;

    private readonly (int Block, double Weight)[][] _weights;

    private ImmediateWeights(RowClasses classes, double[][] ofClass)
    {
        _weights = new (int, double)[classes.Table.Rows.Length][];
        for (var row = 0; row < _weights.Length; row++)
        {
            var weights = ofClass[classes.Of(row)];
            _weights[row] = classes.Table.Rows[row].OnRequest ? [] : [.. Enumerable.Range(0, weights.Length).Where(b => weights[b] != 0).Select(b => (b, weights[b]))];
        }

        IsComplete = AddsUp(classes, ofClass);
        IsTight = IsComplete && Enumerable.Range(0, classes.Count).All(number => IsAlong(classes, number, ofClass[number]));
    }

    /// <summary>Whether the increments of all rows that are sent unasked add up to the whole gradient.</summary>
    public bool IsComplete { get; }

    /// <summary>Whether, beside that, every increment points along its own row: no increment then leads uphill in expectation.</summary>
    /// <remarks>So it is for tight frames, uncoded rows and repetition. Other codes move along S⁻¹v instead of v (S = VᵀV), and a single increment may ascend.</remarks>
    public bool IsTight { get; }

    /// <summary>Works the weights out.</summary>
    /// <param name="code">The code.</param>
    /// <exception cref="ConfigurationException">The code's table is not sound.</exception>
    public static ImmediateWeights Of(ICode<float> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var classes = new RowClasses(code.Table);
        var copies = Copies(classes);
        return new ImmediateWeights(classes, Filter(classes, copies) ?? LeastNorm(classes, copies));
    }

    /// <summary>What a row is multiplied by, block by block; blocks that are not named get nothing of it.</summary>
    /// <param name="row">A row of the table.</param>
    public IReadOnlyList<(int Block, double Weight)> Of(int row) => _weights[row];

    // How often each class is sent unasked.
    private static int[] Copies(RowClasses classes) => [.. classes.RowsOf.Select(rows => rows.Count(r => !classes.Table.Rows[r].OnRequest))];

    // If the frame operator only stretches the wanted sums, dividing by the stretch is all there is to do.
    private static double[][]? Filter(RowClasses classes, int[] copies)
    {
        var weights = Empty(classes);
        for (var block = 0; block < classes.Table.Blocks; block++)
        {
            var image = new double[classes.Cells];
            for (var number = 0; number < classes.Count; number++)
            {
                var along = copies[number] * Along(classes, number, block);
                for (var cell = 0; cell < image.Length && along != 0; cell++)
                {
                    image[cell] += along * classes.Coefficients[number][cell];
                }
            }

            var stretch = image[block * classes.Table.Partitions];
            if (!(stretch > 0) || Enumerable.Range(0, image.Length).Any(cell => Math.Abs(image[cell] - (IsOf(classes, cell, block) ? stretch : 0)) > Tolerance * stretch))
            {
                return null;
            }

            for (var number = 0; number < classes.Count; number++)
            {
                weights[number][block] = copies[number] == 0 ? 0 : Along(classes, number, block) / stretch;
            }
        }

        return weights;
    }

    // Copies share a class's weight: ‖w‖² over rows is least if a class of m copies counts as √m times itself.
    private static double[][] LeastNorm(RowClasses classes, int[] copies)
    {
        var weights = Empty(classes);
        if (classes.OnlyAdded)
        {
            for (var number = 0; number < classes.Count; number++)
            {
                weights[number][classes.BlockOf[number]] = copies[number] == 0 ? 0 : 1.0 / copies[number];
            }

            return weights;
        }

        int[] sent = [.. Enumerable.Range(0, classes.Count).Where(number => copies[number] > 0)];
        if (sent.Length == 0)
        {
            return weights;
        }

        double[] scales = [.. sent.Select(number => Math.Sqrt(copies[number]))];
        var least = LeastSquares.Minimum(classes, sent, scales).Weights;
        for (var block = 0; block < classes.Table.Blocks; block++)
        {
            var largest = least[block].Max(Math.Abs);
            for (var i = 0; i < sent.Length; i++)
            {
                weights[sent[i]][block] = Math.Abs(least[block][i]) <= 1e-12 * largest ? 0 : least[block][i] / scales[i];
            }
        }

        return weights;
    }

    private static bool AddsUp(RowClasses classes, double[][] weights)
    {
        var copies = Copies(classes);
        for (var block = 0; block < classes.Table.Blocks; block++)
        {
            for (var cell = 0; cell < classes.Cells; cell++)
            {
                double sum = 0;
                for (var number = 0; number < classes.Count; number++)
                {
                    sum += copies[number] * weights[number][block] * classes.Coefficients[number][cell];
                }

                if (Math.Abs(sum - (IsOf(classes, cell, block) ? 1 : 0)) > Tolerance)
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Whether the weights are what the row has of every block, times one factor that is not negative.
    private static bool IsAlong(RowClasses classes, int number, double[] weights)
    {
        double dot = 0, squares = 0;
        for (var block = 0; block < weights.Length; block++)
        {
            dot += weights[block] * Along(classes, number, block);
            squares += Along(classes, number, block) * Along(classes, number, block);
        }

        var factor = squares == 0 ? 0 : Math.Max(0, dot / squares);
        var largest = weights.Max(Math.Abs);
        return Enumerable.Range(0, weights.Length).All(b => Math.Abs(weights[b] - (factor * Along(classes, number, b))) <= Tolerance * largest);
    }

    // ⟨class, wanted sum of a block⟩
    private static double Along(RowClasses classes, int number, int block)
    {
        double sum = 0;
        for (var cell = block * classes.Table.Partitions; cell < (block + 1) * classes.Table.Partitions; cell++)
        {
            sum += classes.Coefficients[number][cell];
        }

        return sum;
    }

    private static bool IsOf(RowClasses classes, int cell, int block) => cell / classes.Table.Partitions == block;

    private static double[][] Empty(RowClasses classes) => [.. Enumerable.Range(0, classes.Count).Select(_ => new double[classes.Table.Blocks])];
}

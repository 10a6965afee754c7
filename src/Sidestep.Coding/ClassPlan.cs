namespace Sidestep.Coding;

/// <summary>Decode weights of one set of classes, in the payload's precision.</summary>
internal sealed class ClassPlan
{
    private readonly bool[] _exact;

    /// <summary>Solves for the classes whose bits are set.</summary>
    public ClassPlan(RowClasses classes, ReadOnlySpan<ulong> bits)
    {
        int[] arrived = [.. Members(bits)];
        var solution = LeastSquares.Solve(classes, arrived);
        Classes = arrived;
        Weights = [.. solution.Weights.Select(w => Array.ConvertAll(w, x => (float)x))];
        Gaps = solution.Gaps;
        Residual = solution.Status == DecodeStatus.Exact ? 0 : solution.Residual;
        _exact = solution.Exact;
    }

    /// <summary>The classes, ascending.</summary>
    public int[] Classes { get; }

    /// <summary>Per block, one weight per class.</summary>
    public float[][] Weights { get; }

    /// <summary>Gaps[b, c]: what is missing of block b, as a multiple of block c.</summary>
    public double[,] Gaps { get; }

    /// <summary>‖T − WᵀC‖_F, 0 if exact.</summary>
    public double Residual { get; }

    /// <summary>Whether a block comes out exactly.</summary>
    public bool IsExact(int block) => _exact[block];

    /// <summary>Whether a class has a weight other than zero.</summary>
    public bool Uses(int number)
    {
        var at = Array.BinarySearch(Classes, number);
        if (at < 0)
        {
            return false;
        }

        foreach (var weights in Weights)
        {
            if (weights[at] != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static List<int> Members(ReadOnlySpan<ulong> bits)
    {
        var members = new List<int>();
        for (var i = 0; i < 64 * bits.Length; i++)
        {
            if ((bits[i / 64] >> (i % 64) & 1) != 0)
            {
                members.Add(i);
            }
        }

        return members;
    }
}

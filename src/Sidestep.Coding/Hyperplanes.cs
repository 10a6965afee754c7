namespace Sidestep.Coding;

/// <summary>How many lines can lie in one hyperplane: one arrival more always has full rank.</summary>
/// <remarks>
/// Lines that each mix at most two blocks in equal parts form a signed graph; a largest set without full rank then lies in a hyperplane whose normal has
/// entries −1, 0 and 1 only (a balanced part, cut off from the rest), and all of these are looked at up to <see cref="MostSigned"/> blocks. Other sets:
/// the normals of all sets of K − 1 lines, up to <see cref="MostSets"/>. Beyond, the frame's lower bound A counts: Σ⟨v_i, u⟩² ≥ A with summands of at
/// most 1 leaves at least A lines out of every hyperplane.
/// </remarks>
internal static class Hyperplanes
{
    /// <summary>Most blocks for which all signed normals are tried.</summary>
    public const int MostSigned = 11;

    /// <summary>Most sets of lines whose normals are tried.</summary>
    public const long MostSets = 50_000;

    private const double Orthogonal = 1e-6;

    /// <summary>The most lines in a hyperplane, or a bound that is not below it; for lines of full rank.</summary>
    public static int Most(LineSet lines)
    {
        if (lines.IsSignedGraph && lines.Blocks <= MostSigned)
        {
            return Signed(lines);
        }

        return WorkerSets.Count(lines.Count, lines.Blocks - 1) <= MostSets
            ? Spanned(lines)
            : lines.Count - (int)Math.Ceiling(Frame.Bounds(lines).Least - Orthogonal);
    }

    private static int Signed(LineSet lines)
    {
        var normal = new double[lines.Blocks];
        var normals = 1L;
        for (var b = 0; b < normal.Length; b++)
        {
            normals *= 3;
        }

        var most = 0;
        // The number in base 3 is the normal; a normal and its negative are one hyperplane, and the zero vector is none.
        for (var number = 1L; number < normals; number++)
        {
            var first = 0.0;
            var rest = number;
            for (var b = 0; b < normal.Length; b++, rest /= 3)
            {
                normal[b] = rest % 3 == 2 ? -1 : rest % 3;
                first = first == 0 ? normal[b] : first;
            }

            most = first > 0 ? Math.Max(most, Inside(lines, normal)) : most;
        }

        return most;
    }

    private static int Spanned(LineSet lines)
    {
        var set = WorkerSets.First(lines.Blocks - 1);
        var normal = new double[lines.Blocks];
        var span = new ArrivalInformation(lines.Blocks, 1);
        var most = 0;
        do
        {
            span.Clear();
            foreach (var line in set)
            {
                span.Add(lines[line]);
            }

            if (span.Rank == lines.Blocks - 1)
            {
                span.Normal(normal);
                most = Math.Max(most, Inside(lines, normal));
            }
        }
        while (WorkerSets.Next(set, lines.Count));

        return most;
    }

    private static int Inside(LineSet lines, double[] normal)
    {
        var count = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            count += Math.Abs(LineSet.Dot(lines[i], normal)) <= Orthogonal ? 1 : 0;
        }

        return count;
    }
}

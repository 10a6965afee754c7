using MathNet.Numerics.LinearAlgebra;

namespace Sidestep.Coding;

/// <summary>The frame operator S = VᵀV of a set of lines.</summary>
internal static class Frame
{
    /// <summary>Its smallest and largest eigenvalue: least ≤ Σ_i ⟨v_i, u⟩² ≤ most for every unit vector u.</summary>
    public static (double Least, double Most) Bounds(LineSet lines)
    {
        var matrix = Matrix<double>.Build.Dense(lines.Count, lines.Blocks, (i, b) => lines[i][b]);
        var values = matrix.TransposeThisAndMultiply(matrix).Evd(Symmetricity.Symmetric).EigenValues;
        return (Math.Max(0, values.Min(v => v.Real)), values.Max(v => v.Real));
    }
}

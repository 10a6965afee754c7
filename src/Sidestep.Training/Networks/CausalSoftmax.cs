using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Softmax of the rows of a square matrix, where row t sees its first t + 1 columns. The same bits at every vector width.</summary>
internal static class CausalSoftmax
{
    /// <summary>Scores become weights: each row is shifted by its largest score, so that nothing overflows; what a row does not see becomes 0.</summary>
    /// <param name="scores">length × length.</param>
    /// <param name="length">Rows.</param>
    public static void Forward(Span<float> scores, int length)
    {
        for (var t = 0; t < length; t++)
        {
            var row = scores.Slice(t * length, length);
            var seen = row[..(t + 1)];
            TensorPrimitives.Subtract(seen, TensorPrimitives.Max<float>(seen), seen);
            ElementaryFunctions.Exp(seen, seen);
            double total = 0;
            foreach (var e in seen)
            {
                total += e;
            }

            Scale.By((float)(1 / total), seen);
            row[(t + 1)..].Clear();
        }
    }

    /// <summary>δ of the weights becomes δ of the scores: a ⊙ (δ − ⟨a, δ⟩) in each row.</summary>
    /// <param name="weights">What <see cref="Forward"/> gave.</param>
    /// <param name="slopes">length × length; what a row does not see may hold anything and becomes 0.</param>
    /// <param name="length">Rows.</param>
    public static void Backward(ReadOnlySpan<float> weights, Span<float> slopes, int length)
    {
        for (var t = 0; t < length; t++)
        {
            var row = slopes.Slice(t * length, length);
            var seen = row[..(t + 1)];
            var a = weights.Slice(t * length, t + 1);
            TensorPrimitives.Subtract(seen, (float)Dot.Product(a, seen), seen);
            TensorPrimitives.Multiply(seen, a, seen);
            row[(t + 1)..].Clear();
        }
    }
}

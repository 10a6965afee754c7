namespace Sidestep.Training;

/// <summary>Softmax and cross-entropy of rows of scores, shifted by their maximum so that nothing overflows.</summary>
internal static class CrossEntropy
{
    /// <summary>Turns scores z into δ = softmax(z) − e_label.</summary>
    /// <param name="scores">samples × classes; overwritten by δ.</param>
    /// <param name="labels">One class per sample.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="right">Scratch: one element per sample.</param>
    /// <returns>Σ (ln Σ_c e^z_c − z_label), in double, in sample order.</returns>
    /// <exception cref="DataException">A label is not a class.</exception>
    public static double Backward(Span<float> scores, ReadOnlySpan<float> labels, int classes, Span<float> right)
    {
        Shift(scores, labels, classes, right);
        ElementaryFunctions.Exp(scores, scores);
        double loss = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var row = scores.Slice(i * classes, classes);
            double total = 0;
            foreach (var e in row)
            {
                total += e;
            }

            loss += Portable.Log(total) - right[i];
            var scale = (float)(1 / total);
            for (var c = 0; c < row.Length; c++)
            {
                row[c] *= scale;
            }

            row[(int)labels[i]] -= 1;
        }

        return loss;
    }

    /// <summary>The summed loss, and how many samples have their largest score at their label. The scores are destroyed.</summary>
    public static (double Loss, long Hits) Measure(Span<float> scores, ReadOnlySpan<float> labels, int classes, Span<float> right)
    {
        Shift(scores, labels, classes, right);
        long hits = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            // The largest score is 0 after the shift; of several, the first counts.
            hits += scores.Slice(i * classes, classes).IndexOf(0f) == (int)labels[i] ? 1 : 0;
        }

        ElementaryFunctions.Exp(scores, scores);
        double loss = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            double total = 0;
            foreach (var e in scores.Slice(i * classes, classes))
            {
                total += e;
            }

            loss += Portable.Log(total) - right[i];
        }

        return (loss, hits);
    }

    private static void Shift(Span<float> scores, ReadOnlySpan<float> labels, int classes, Span<float> right)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            var label = BatchCheck.Class(labels[i], classes, i);
            var row = scores.Slice(i * classes, classes);
            var largest = row[0];
            foreach (var score in row)
            {
                largest = score > largest ? score : largest;
            }

            for (var c = 0; c < row.Length; c++)
            {
                row[c] -= largest;
            }

            right[i] = row[label];
        }
    }
}

using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Measures a model on the whole test set, in pieces. One thread at a time.</summary>
/// <param name="objective">Its own instance.</param>
/// <param name="test">The test set.</param>
internal sealed class TestEvaluation(IObjective objective, Dataset test) : IMetrics
{
    private const int Piece = 512;

    private readonly IRows _rows = test.Rows(1);
    private (double Sum, long Count) _loss;
    private (double Sum, long Count) _accuracy;

    public Evaluation Measure(ReadOnlyMemory<float> model, CancellationToken stop)
    {
        (_loss, _accuracy) = (default, default);
        for (long start = 0; start < test.Count; start += Piece)
        {
            stop.ThrowIfCancellationRequested();
            var rows = new long[Math.Min(Piece, test.Count - start)];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = start + i;
            }

            // Reads of a mapped data set complete at once.
            var batch = _rows.ReadAsync(0, rows, stop).AsTask().GetAwaiter().GetResult();
            objective.Evaluate(batch, model.Span, this);
        }

        return new Evaluation(Mean(_loss), Mean(_accuracy));
    }

    public void Add(string name, double sum, long count)
    {
        if (name == "loss")
        {
            _loss = (_loss.Sum + sum, _loss.Count + count);
        }
        else if (name == "accuracy")
        {
            _accuracy = (_accuracy.Sum + sum, _accuracy.Count + count);
        }
    }

    private static double Mean((double Sum, long Count) sums) => sums.Count == 0 ? double.NaN : sums.Sum / sums.Count;
}

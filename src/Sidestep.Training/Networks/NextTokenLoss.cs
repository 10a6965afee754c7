using System.Globalization;

namespace Sidestep.Training;

/// <summary>Softmax and cross-entropy at every position against the token that comes next; for rows that are windows of a text (<see cref="TextSource"/>).</summary>
/// <param name="Vocabulary">Number of tokens, at least 2.</param>
/// <remarks>The target at a position is the row's next feature, at the last position its label. The loss of a sample is the mean over its positions:
/// nats per character. Measures <c>accuracy</c>, the share of positions whose largest score is the target's.
/// <code>new Network(MapShape.Sequence(64, 1), layers, new NextTokenLoss(data.Classes))</code></remarks>
public sealed record NextTokenLoss(int Vocabulary) : NetworkLoss
{
    /// <inheritdoc/>
    public override void Check(MapShape scores)
    {
        BatchCheck.AtLeast(Vocabulary, 2, "the vocabulary");
        if (scores.Channels != Vocabulary)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"the last layer gives {scores}; next tokens of a vocabulary of {Vocabulary} need as many scores at each position: end with a dense layer of {Vocabulary} outputs"));
        }
    }

    /// <inheritdoc/>
    public override LossPass Open(MapShape scores) => new Pass(Vocabulary, scores);

    private sealed class Pass(int vocabulary, MapShape scores) : LossPass
    {
        private readonly int _positions = scores.Positions;
        private float[] _right = [];
        private float[] _targets = [];

        public override double Backward(in Batch batch, Span<float> scores)
        {
            var targets = Targets(batch);
            var loss = CrossEntropy.Backward(scores, targets, vocabulary, Scratch.Sized(ref _right, targets.Length));
            Scale.By(1f / _positions, scores);
            return loss / _positions;
        }

        public override double Measure(in Batch batch, Span<float> scores, IMetrics metrics)
        {
            var targets = Targets(batch);
            var (loss, hits) = CrossEntropy.Measure(scores, targets, vocabulary, Scratch.Sized(ref _right, targets.Length));
            metrics.Add("accuracy", hits, targets.Length);
            return loss / _positions;
        }

        private ReadOnlySpan<float> Targets(in Batch batch)
        {
            if (batch.Features != _positions)
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"the rows have {batch.Features} tokens, but there are scores at {_positions} positions; no layer may change their number"));
            }

            var targets = Scratch.Sized(ref _targets, batch.Count * _positions);
            for (var i = 0; i < batch.Count; i++)
            {
                var target = targets.Slice(i * _positions, _positions);
                batch.Values.Span.Slice((i * _positions) + 1, _positions - 1).CopyTo(target);
                target[^1] = batch.Labels.Span[i];
            }

            return targets;
        }
    }
}

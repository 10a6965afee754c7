namespace Sidestep.Training.Tests.Data;

/// <summary>A plain softmax classifier, with a ReLU layer if hidden > 0, trained by one-sample descent: an independent judge of how hard data are.</summary>
internal sealed class TinyNetwork
{
    private readonly float[][] _first;
    private readonly float[][] _second;
    private readonly float[] _hidden;
    private readonly double[] _output = new double[10];

    private TinyNetwork(int features, int hidden)
    {
        var random = new Random(1);
        _first = Weights(random, hidden, features + 1);
        _second = Weights(random, 10, (hidden == 0 ? features : hidden) + 1);
        _hidden = new float[hidden];
    }

    public static double Accuracy(int hidden, (float[][] Rows, float[] Labels) train, (float[][] Rows, float[] Labels) test, int passes, float rate)
    {
        var network = new TinyNetwork(train.Rows[0].Length, hidden);
        for (var pass = 0; pass < passes; pass++)
        {
            for (var i = 0; i < train.Rows.Length; i++)
            {
                network.Learn(train.Rows[i], (int)train.Labels[i], rate / (1 + (0.3f * pass)));
            }
        }

        return test.Rows.Zip(test.Labels).Count(p => network.Guess(p.First) == (int)p.Second) / (double)test.Rows.Length;
    }

    private int Guess(float[] row)
    {
        Forward(row);
        return Array.IndexOf(_output, _output.Max());
    }

    private void Forward(float[] row)
    {
        for (var h = 0; h < _hidden.Length; h++)
        {
            _hidden[h] = MathF.Max(0, Dot(_first[h], row));
        }

        for (var c = 0; c < 10; c++)
        {
            _output[c] = Dot(_second[c], _hidden.Length == 0 ? row : _hidden);
        }
    }

    private void Learn(float[] row, int label, float rate)
    {
        Forward(row);
        var top = _output.Max();
        var total = _output.Sum(o => Math.Exp(o - top));
        var back = new float[_hidden.Length];
        for (var c = 0; c < 10; c++)
        {
            var error = (float)((Math.Exp(_output[c] - top) / total) - (c == label ? 1 : 0));
            for (var h = 0; h < back.Length; h++)
            {
                back[h] += error * _second[c][h];
            }

            Move(_second[c], _hidden.Length == 0 ? row : _hidden, -rate * error);
        }

        for (var h = 0; h < back.Length; h++)
        {
            if (_hidden[h] > 0)
            {
                Move(_first[h], row, -rate * back[h]);
            }
        }
    }

    private static float Dot(float[] weights, float[] inputs) =>
        System.Numerics.Tensors.TensorPrimitives.Dot(weights.AsSpan(0, inputs.Length), inputs) + weights[^1];

    private static void Move(float[] weights, float[] inputs, float step)
    {
        var target = weights.AsSpan(0, inputs.Length);
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(inputs, step, target, target);
        weights[^1] += step;
    }

    private static float[][] Weights(Random random, int outputs, int inputs) => [.. Enumerable.Range(0, outputs).Select(
        _ => Enumerable.Range(0, inputs).Select(_ => (float)((random.NextDouble() - 0.5) * 2 / Math.Sqrt(inputs))).ToArray())];
}

namespace Sidestep.Training.Tests.Networks.Sequences;

/// <summary>Layers over sequences one value at a time, in double, from their definitions: what the layers are held against.</summary>
internal static class DoubleSequence
{
    /// <summary>The output for some samples.</summary>
    public static double[] Forward(Layer layer, MapShape input, double[] parameters, double[] values)
    {
        var rows = values.Length / input.Channels;
        return layer switch
        {
            Embedding e => Embed(e.Channels, parameters, values),
            Positions => [.. values.Select((v, i) => v + parameters[i % input.Length])],
            Attention a => Attend(a.Heads, input, parameters, values),
            Residual r => Add(values, Chain(r.Layers, input, parameters, values)),
            Dense d => Affine(values, rows, input.Channels, d.Outputs, parameters, 0, d.Outputs * input.Channels),
            LayerNorm => Normalise(parameters, values, input.Channels),
            Gelu => [.. values.Select(x => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))))],
            Relu => [.. values.Select(x => Math.Max(x, 0))],
            Tanh => [.. values.Select(Math.Tanh)],
            _ => throw new ArgumentException(layer.Kind, nameof(layer)),
        };
    }

    /// <summary>Layers one behind the other; their parameters lie in that order.</summary>
    public static double[] Chain(IEnumerable<Layer> layers, MapShape input, double[] parameters, double[] values)
    {
        var at = 0;
        foreach (var layer in layers)
        {
            var count = layer.Tensors(input).Sum(t => t.Dimensions.Aggregate(1, (product, size) => product * size));
            values = Forward(layer, input, parameters[at..(at + count)], values);
            (input, at) = (layer.Output(input), at + count);
        }

        return values;
    }

    private static double[] Embed(int channels, double[] table, double[] tokens) =>
        [.. tokens.SelectMany(token => table.Skip((int)token * channels).Take(channels))];

    private static double[] Add(double[] x, double[] y) => [.. x.Zip(y, (a, b) => a + b)];

    private static double[] Affine(double[] x, int rows, int inputs, int outputs, double[] parameters, int weight, int bias)
    {
        var z = new double[rows * outputs];
        for (var i = 0; i < rows; i++)
        {
            for (var o = 0; o < outputs; o++)
            {
                z[(i * outputs) + o] = parameters[bias + o];
                for (var c = 0; c < inputs; c++)
                {
                    z[(i * outputs) + o] += x[(i * inputs) + c] * parameters[weight + (o * inputs) + c];
                }
            }
        }

        return z;
    }

    private static double[] Normalise(double[] parameters, double[] x, int channels)
    {
        var z = new double[x.Length];
        for (var row = 0; row < x.Length; row += channels)
        {
            var values = x[row..(row + channels)];
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Select(v => (v - mean) * (v - mean)).Average() + 1e-5);
            for (var c = 0; c < channels; c++)
            {
                z[row + c] = ((values[c] - mean) / deviation * parameters[c]) + parameters[channels + c];
            }
        }

        return z;
    }

    private static double[] Attend(int heads, MapShape input, double[] parameters, double[] x)
    {
        int channels = input.Channels, length = input.Positions, width = channels / heads, rows = x.Length / channels;
        var square = channels * channels;
        var projected = Affine(x, rows, channels, 3 * channels, parameters, 0, 3 * square);
        var joined = new double[rows * channels];
        double At(int row, int part, int channel) => projected[(row * 3 * channels) + (part * channels) + channel];
        for (var row = 0; row < rows; row++)
        {
            var first = row - (row % length);
            for (var head = 0; head < heads; head++)
            {
                var own = Enumerable.Range(head * width, width).ToArray();
                var scores = Enumerable.Range(first, row - first + 1).Select(k => own.Sum(c => At(row, 0, c) * At(k, 1, c)) / Math.Sqrt(width)).ToArray();
                var powers = scores.Select(s => Math.Exp(s - scores.Max())).ToArray();
                foreach (var c in own)
                {
                    joined[(row * channels) + c] = powers.Select((p, k) => p / powers.Sum() * At(first + k, 2, c)).Sum();
                }
            }
        }

        return Affine(joined, rows, channels, channels, parameters, (3 * square) + (3 * channels), (4 * square) + (3 * channels));
    }
}

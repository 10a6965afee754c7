namespace Sidestep.Training.Tests.Networks;

/// <summary>The layers once more, in double and from their definitions: one sample, one value at a time.</summary>
internal static class DoubleLayers
{
    public static double[] Forward(Layer layer, MapShape input, double[] parameters, double[] x) => layer switch
    {
        Dense d => Dense(d, input, parameters, x),
        Convolution c => Convolution(c, input, parameters, x),
        MaxPooling p => Pool(input, p.Size, p.Stride, x, v => v.Max()),
        MeanPooling p => Pool(input, p.Size, p.Stride, x, v => v.Average()),
        Relu => [.. x.Select(v => Math.Max(0, v))],
        Tanh => [.. x.Select(Math.Tanh)],
        Gelu => [.. x.Select(v => v / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (v + (0.044715 * v * v * v)))))],
        LayerNorm => [.. Enumerable.Range(0, input.Positions).SelectMany(p => Norm(x[(p * input.Channels)..((p + 1) * input.Channels)], parameters))],
        Flatten => x,
        _ => throw new NotSupportedException(layer.Kind),
    };

    private static double[] Dense(Dense layer, MapShape input, double[] parameters, double[] x)
    {
        var y = new double[input.Positions * layer.Outputs];
        for (var i = 0; i < y.Length; i++)
        {
            var (position, o) = Math.DivRem(i, layer.Outputs);
            y[i] = parameters[(layer.Outputs * input.Channels) + o];
            for (var c = 0; c < input.Channels; c++)
            {
                y[i] += parameters[(o * input.Channels) + c] * x[(position * input.Channels) + c];
            }
        }

        return y;
    }

    private static double[] Convolution(Convolution layer, MapShape input, double[] parameters, double[] x)
    {
        var output = layer.Output(input);
        var (k, bias) = (layer.Kernel, layer.Channels * layer.Kernel * layer.Kernel * input.Channels);
        var y = new double[output.Length];
        for (var i = 0; i < y.Length; i++)
        {
            var (place, o) = Math.DivRem(i, layer.Channels);
            var (row, column) = Math.DivRem(place, output.Width);
            y[i] = parameters[bias + o];
            for (var w = 0; w < k * k * input.Channels; w++)
            {
                var (under, c) = Math.DivRem(w, input.Channels);
                var (h, v) = ((row * layer.Stride) - layer.Padding + (under / k), (column * layer.Stride) - layer.Padding + (under % k));
                var isInside = h >= 0 && h < input.Height && v >= 0 && v < input.Width;
                y[i] += isInside ? parameters[(o * k * k * input.Channels) + w] * x[(((h * input.Width) + v) * input.Channels) + c] : 0;
            }
        }

        return y;
    }

    private static double[] Pool(MapShape input, int size, int stride, double[] x, Func<IEnumerable<double>, double> over)
    {
        stride = stride == 0 ? size : stride;
        var (height, width) = (((input.Height - size) / stride) + 1, ((input.Width - size) / stride) + 1);
        var y = new double[height * width * input.Channels];
        for (var i = 0; i < y.Length; i++)
        {
            var (place, c) = Math.DivRem(i, input.Channels);
            var (row, column) = Math.DivRem(place, width);
            y[i] = over(Enumerable.Range(0, size * size)
                .Select(w => x[(((((row * stride) + (w / size)) * input.Width) + (column * stride) + (w % size)) * input.Channels) + c]));
        }

        return y;
    }

    private static IEnumerable<double> Norm(double[] x, double[] parameters)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / x.Length + 1e-5);
        return x.Select((v, c) => (parameters[c] * (v - mean) / deviation) + parameters[x.Length + c]);
    }
}

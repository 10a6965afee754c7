namespace Sidestep.Training.Tests.Objectives;

/// <summary>The objectives once more, in double and from their formulas, one sample and one neuron at a time.</summary>
internal sealed class DoubleObjective(int[] widths, double l2, Func<double[], float, (double Loss, double[] Slope)> head, Activation activation = Activation.Tanh)
{
    public static DoubleObjective LeastSquares(int features, double l2) => new([features, 1], l2, (z, y) =>
        (0.5 * (z[0] - y) * (z[0] - y), [z[0] - y]));

    public static DoubleObjective Logistic(int features, double l2) => new([features, 1], l2, (z, y) =>
        (Math.Log(1 + Math.Exp(-y * z[0])), [-y / (1 + Math.Exp(y * z[0]))]));

    public static DoubleObjective Network(int[] widths, double l2, Activation activation) => new(widths, l2, (z, y) =>
    {
        var total = z.Sum(Math.Exp);
        return (Math.Log(total) - z[(int)y], z.Select((s, c) => (Math.Exp(s) / total) - (c == (int)y ? 1 : 0)).ToArray());
    }, activation);

    public double Loss(in Batch batch, double[] model) => Gradient(batch, model, null);

    public double Gradient(in Batch batch, double[] model, double[]? sum)
    {
        double loss = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            var inputs = new List<double[]> { Samples.Wide(batch.Values.Span.Slice(i * batch.Features, batch.Features)) };
            var z = inputs[0];
            for (int layer = 0, at = 0; layer + 1 < widths.Length; at += Size(layer++))
            {
                z = Affine(model, at, layer, inputs[layer]);
                inputs.Add(layer + 2 < widths.Length ? z.Select(Sigma).ToArray() : z);
            }

            var (sampleLoss, delta) = head(z, batch.Labels.Span[i]);
            loss += sampleLoss;
            for (int layer = widths.Length - 2, at = model.Length; sum is not null && layer >= 0; layer--)
            {
                at -= Size(layer);
                delta = Back(model, sum, at, layer, inputs[layer], delta);
            }
        }

        return loss + Penalty(batch.Count, model, sum);
    }

    private int Size(int layer) => widths[layer + 1] * (widths[layer] + 1);

    private double Sigma(double z) => activation == Activation.Relu ? Math.Max(0, z) : Math.Tanh(z);

    private double Slope(double a) => activation == Activation.Relu ? (a > 0 ? 1 : 0) : 1 - (a * a);

    private double[] Affine(double[] model, int at, int layer, double[] x)
    {
        var z = new double[widths[layer + 1]];
        for (var o = 0; o < z.Length; o++)
        {
            z[o] = model[at + (z.Length * x.Length) + o];
            for (var k = 0; k < x.Length; k++)
            {
                z[o] += model[at + (o * x.Length) + k] * x[k];
            }
        }

        return z;
    }

    private double[] Back(double[] model, double[] sum, int at, int layer, double[] x, double[] delta)
    {
        var next = new double[x.Length];
        for (var o = 0; o < delta.Length; o++)
        {
            sum[at + (delta.Length * x.Length) + o] += delta[o];
            for (var k = 0; k < x.Length; k++)
            {
                sum[at + (o * x.Length) + k] += delta[o] * x[k];
                next[k] += model[at + (o * x.Length) + k] * delta[o] * (layer > 0 ? Slope(x[k]) : 0);
            }
        }

        return next;
    }

    private double Penalty(int count, double[] model, double[]? sum)
    {
        double squares = 0;
        for (int layer = 0, at = 0; layer + 1 < widths.Length; at += Size(layer++))
        {
            for (var w = at; w < at + (widths[layer] * widths[layer + 1]); w++)
            {
                squares += model[w] * model[w];
                if (sum is not null)
                {
                    sum[w] += count * l2 * model[w];
                }
            }
        }

        return count * l2 / 2 * squares;
    }
}

namespace Sidestep.Training;

/// <summary>How weights are drawn at the start.</summary>
public enum WeightStart
{
    /// <summary><see cref="He"/> if ReLU or GELU follows before the next weights, else <see cref="Glorot"/>.</summary>
    Auto = 0,

    /// <summary>Normal with variance 2 / inputs. Source: He, Zhang, Ren, Sun, ICCV 2015.</summary>
    He = 1,

    /// <summary>Uniform within ±√(6 / (inputs + outputs)). Source: Glorot, Bengio, AISTATS 2010.</summary>
    Glorot = 2,

    /// <summary>All zero: for a last layer that is to start at equal scores.</summary>
    Zero = 3,
}

/// <summary>What starts stand for.</summary>
internal static class WeightStarts
{
    /// <summary>A start that is left open, settled by the layers behind.</summary>
    public static WeightStart Settle(WeightStart start, ReadOnlySpan<Layer> followers)
    {
        if (start != WeightStart.Auto)
        {
            return start;
        }

        foreach (var layer in followers)
        {
            switch (layer)
            {
                case Relu or Gelu:
                    return WeightStart.He;
                case Flatten or MaxPooling or MeanPooling:
                    continue;
                default:
                    return WeightStart.Glorot;
            }
        }

        return WeightStart.Glorot;
    }

    /// <summary>The initializer of weights.</summary>
    /// <param name="start">Which.</param>
    /// <param name="inputs">Values each output sums over.</param>
    /// <param name="outputs">Outputs each input goes into.</param>
    public static Initializer Of(WeightStart start, int inputs, int outputs) => start switch
    {
        WeightStart.He => Initializer.He(inputs),
        WeightStart.Zero => Initializer.Constant(0),
        WeightStart.Auto or WeightStart.Glorot => Initializer.Glorot(inputs, outputs),
        _ => throw new ConfigurationException($"start {(int)start} is unknown; choose auto, he, glorot or zero"),
    };
}

namespace Sidestep.Training;

/// <summary>How a tensor is drawn at the start; a pure function of the randomness it is given.</summary>
public abstract record Initializer
{
    /// <summary>All the same.</summary>
    /// <param name="value">The value.</param>
    public static Initializer Constant(float value) => new ConstantInitializer(value);

    /// <summary>Normal with a standard deviation.</summary>
    /// <param name="deviation">The standard deviation.</param>
    public static Initializer Normal(double deviation) => new NormalInitializer(deviation);

    /// <summary>Normal with variance 2 / inputs, for weights before ReLU. Source: He, Zhang, Ren, Sun, ICCV 2015.</summary>
    /// <param name="inputs">Values each output sums over.</param>
    public static Initializer He(int inputs) => new NormalInitializer(Math.Sqrt(2.0 / inputs));

    /// <summary>Uniform within ±√(6 / (inputs + outputs)). Source: Glorot, Bengio, AISTATS 2010.</summary>
    /// <param name="inputs">Values each output sums over.</param>
    /// <param name="outputs">Outputs each input goes into.</param>
    public static Initializer Glorot(int inputs, int outputs) => new UniformInitializer(Math.Sqrt(6.0 / (inputs + outputs)));

    /// <summary>Draws all values.</summary>
    /// <param name="rng">Randomness.</param>
    /// <param name="values">Overwritten.</param>
    public abstract void Fill(ref Rng rng, Span<float> values);

    private sealed record ConstantInitializer(float Value) : Initializer
    {
        public override void Fill(ref Rng rng, Span<float> values) => values.Fill(Value);
    }

    private sealed record NormalInitializer(double Deviation) : Initializer
    {
        public override void Fill(ref Rng rng, Span<float> values)
        {
            foreach (ref var value in values)
            {
                value = (float)(Deviation * rng.NextGaussian());
            }
        }
    }

    private sealed record UniformInitializer(double Bound) : Initializer
    {
        public override void Fill(ref Rng rng, Span<float> values)
        {
            foreach (ref var value in values)
            {
                value = (float)(Bound * ((2 * rng.NextDouble()) - 1));
            }
        }
    }
}

namespace Sidestep;

/// <summary>An immutable optimizer recipe.</summary>
public interface IOptimizer
{
    /// <summary>The name in the catalog.</summary>
    string Name { get; }

    /// <summary>Opens a session.</summary>
    /// <param name="length">Number of parameters.</param>
    IOptimizerSession Create(int length);
}

/// <summary>An optimizer's state; single owner.</summary>
public interface IOptimizerSession : ISnapshot
{
    /// <summary>Moves the parameters along the mean gradient.</summary>
    /// <param name="round">The round, from 0; schedules depend on it.</param>
    /// <param name="parameters">Changed in place.</param>
    /// <param name="gradient">The mean gradient at the point <see cref="IOptimizerSession"/> published last.</param>
    void Step(long round, Span<float> parameters, ReadOnlySpan<float> gradient);

    /// <summary>The state in bytes for the trajectory hash, one tensor after another (empty: stateless).</summary>
    /// <param name="append">Called with each part, in a fixed order.</param>
    void Digest(Action<ReadOnlySpan<byte>> append);
}

/// <summary>An optimizer session whose rate can be scaled from outside, as <see cref="Plateau"/> needs. Whoever sets the scale saves it.</summary>
public interface IRateScale
{
    /// <summary>Multiplies the rate of every later step; 1 at first.</summary>
    double RateScale { get; set; }
}

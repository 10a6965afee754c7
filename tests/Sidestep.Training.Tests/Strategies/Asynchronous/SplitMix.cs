namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>The generator of the reference problems: SplitMix64, uniforms of 53 bits, normals by Box and Muller with the cosine only.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Normal()
    {
        var (u, v) = (Uniform(), Uniform());
        return Math.Sqrt(-2 * Math.Log(1 - u)) * Math.Cos(2 * Math.PI * v);
    }

    public double Exponential() => -Math.Log(1 - Uniform());
}

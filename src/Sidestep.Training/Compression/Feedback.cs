using System.Globalization;

namespace Sidestep.Training;

/// <summary>Error feedback: what a compressor loses is held and given again with the next vector, so nothing is lost for ever.</summary>
/// <remarks>
/// p = e + v, message = C(p), e ← p − decoded(message); with top-k e + decoded = p bit for bit, hence Σ sent + held = Σ given.
/// A message that took no effect is restored with <see cref="IVectorWriter{T}.Settle"/>. Needs weights that do not change from round to
/// round (<see cref="Guarantee.SteadyWeights"/>): the debt is in units of the sent share. Memory: 3 vectors and two messages per writer, none per reader.
/// Sources: Seide, Fu, Droppo, Li, Yu, Interspeech 2014; Stich, Cordonnier, Jaggi, NeurIPS 2018; algorithm 1 of Beznosikov et al., JMLR 24 (2023).
/// <code>ICompressor&lt;float&gt; uplink = new Feedback(new TopK(0.01));
/// var writer = uplink.CreateWriter(new StreamKey(seed, stream: 0), length);
/// writer.Write(round, gradient, message);
/// writer.Settle(round, used: true);</code>
/// </remarks>
public sealed record Feedback : ICompressor<float>
{
    /// <summary>Wraps a compressor.</summary>
    /// <param name="inner">A compressor without memory that contracts.</param>
    /// <exception cref="ConfigurationException">It has a memory of its own.</exception>
    public Feedback(ICompressor<float> inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        Inner = !inner.Traits.Remembers
            ? inner
            : throw new ConfigurationException(
                $"feedback({inner.Name}): {inner.Name} has a memory of its own and two memories would count a debt twice; wrap a compressor without memory, such as top-k(0.01)");
    }

    /// <summary>The compressor inside.</summary>
    public ICompressor<float> Inner { get; }

    /// <inheritdoc/>
    public string Name => $"feedback({Inner.Name})";

    /// <inheritdoc/>
    public ushort CodecId => Inner.CodecId;

    /// <inheritdoc/>
    public CompressorTraits Traits => new(
        Remembers: true, Unbiased: false, Lossless: Inner.Traits.Lossless, Contraction: static _ => double.NaN, CommutesWithSums: false);

    /// <inheritdoc/>
    public int MaxBytes(int length) => Inner.MaxBytes(length);

    /// <summary>Opens the sending end; it is an <see cref="IFeedbackMemory"/>.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="length">Elements of every vector.</param>
    /// <exception cref="ConfigurationException">The inner compressor does not contract vectors of this length: the debt could grow for ever.</exception>
    public IVectorWriter<float> CreateWriter(StreamKey key, int length)
    {
        var contraction = Inner.Traits.Contraction(length);
        return contraction >= 1
            ? new FeedbackWriter(Inner, key, length)
            : throw new ConfigurationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name}: {Inner.Name} does not contract vectors of {length} elements (δ is {contraction}); wrap a compressor that does, such as top-k(0.01)"));
    }

    /// <inheritdoc/>
    public IVectorReader<float> CreateReader(StreamKey key, int length) => Inner.CreateReader(key, length);

    /// <summary>The name, as in the catalog.</summary>
    public override string ToString() => Name;
}

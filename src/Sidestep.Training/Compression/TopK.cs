using System.Globalization;

namespace Sidestep.Training;

/// <summary>Sends the elements of largest magnitude exactly and drops the others; of equal magnitudes the lower index wins.</summary>
/// <remarks>
/// Contraction δ = d/k, reached by vectors of constant magnitude; a Gaussian vector keeps 8.45 % of its energy in its largest 1 %.
/// Zeros are never sent, so a vector with fewer than k non-zeros makes a shorter message. Biased: use it inside <see cref="Feedback"/>.
/// Message: 32-byte frame, then Rice-coded gaps between ascending indices, then the values as float32. Cost: about one read of the vector.
/// Source: Beznosikov, Horváth, Richtárik, Safaryan, "On Biased Compression for Distributed Learning", JMLR 24 (2023), example (d).
/// <code>var uplink = new Feedback(new TopK(0.01));       // 1 % of the elements
/// var fixedSize = TopK.OfCount(100);               // 100 elements, whatever the length</code>
/// </remarks>
public sealed record TopK : ICompressor<float>
{
    private const byte Codec = 1;

    /// <summary>Keeps a part of the elements: k = max(1, ⌈ratio·d⌉), where a product within a billionth of a whole number counts as that number.</summary>
    /// <param name="ratio">Greater than 0, at most 1.</param>
    /// <exception cref="ConfigurationException">The ratio is out of range.</exception>
    public TopK(double ratio)
    {
        Ratio = ratio is > 0 and <= 1 ? ratio : throw OutOfRange(ratio);
    }

    private TopK(int count)
    {
        Count = count;
    }

    /// <summary>The part kept, or null: a fixed number is kept.</summary>
    public double? Ratio { get; }

    /// <summary>The number kept, or null: a part is kept.</summary>
    public int? Count { get; }

    /// <inheritdoc/>
    public string Name => $"top-k({Parameter})";

    /// <inheritdoc/>
    public ushort CodecId => Codec;

    /// <inheritdoc/>
    public CompressorTraits Traits => new(
        Remembers: false,
        Unbiased: false,
        Lossless: false,
        Contraction: length => length / (double)Kept(length),
        CommutesWithSums: false);

    private string Parameter =>
        Count?.ToString(CultureInfo.InvariantCulture) ?? WithPoint(Ratio!.Value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Keeps a fixed number of elements.</summary>
    /// <param name="count">At least 1.</param>
    /// <exception cref="ConfigurationException">The count is less than 1.</exception>
    public static TopK OfCount(int count) => count >= 1
        ? new TopK(count)
        : throw new ConfigurationException($"top-k({count}) keeps nothing; the least count is top-k(1)");

    /// <summary>Elements kept of a vector (k); fewer are sent if fewer are not zero.</summary>
    /// <param name="length">Elements of the vector (d).</param>
    /// <exception cref="ConfigurationException">The vector has no elements, or fewer than the count.</exception>
    public int Kept(int length)
    {
        VectorChecks.Opened(Name, length);
        if (Count is { } count)
        {
            return count <= length
                ? count
                : throw new ConfigurationException($"top-k({count}) cannot keep {count} of {length} elements; at most top-k({length})");
        }

        var product = Ratio!.Value * length;
        var whole = Math.Round(product);
        var kept = Math.Abs(product - whole) <= 1e-9 * product ? whole : Math.Ceiling(product);
        return (int)Math.Clamp(kept, 1, length);
    }

    /// <inheritdoc/>
    public int MaxBytes(int length)
    {
        var most = SparseFormat.MaxBytes(length, Kept(length));
        return most <= Array.MaxLength
            ? (int)most
            : throw new ConfigurationException($"{Name} of {length} elements can need {most} bytes, {Array.MaxLength} is the most; cut the vector into blocks");
    }

    /// <inheritdoc/>
    public IVectorWriter<float> CreateWriter(StreamKey key, int length)
    {
        _ = MaxBytes(length);
        return new TopKWriter(Codec, length, Kept(length));
    }

    /// <inheritdoc/>
    public IVectorReader<float> CreateReader(StreamKey key, int length) => new TopKReader(this, length, Kept(length));

    /// <summary>The name, as in the catalog.</summary>
    public override string ToString() => Name;

    // A ratio of 1 must not read like the count 1.
    private static string WithPoint(string number) => number.All(char.IsAsciiDigit) ? number + ".0" : number;

    private static ConfigurationException OutOfRange(double ratio)
    {
        var nearest = ratio > 1 ? "top-k(1.0)" : "a ratio greater than 0, such as top-k(0.01)";
        return new ConfigurationException(
            string.Create(CultureInfo.InvariantCulture, $"top-k cannot keep {ratio:R} of a vector; the nearest valid choice is {nearest}"));
    }
}

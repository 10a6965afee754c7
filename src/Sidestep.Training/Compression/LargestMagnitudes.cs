using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Selects exactly the k elements of largest magnitude, lower indices first among equals; zeros are never selected.</summary>
/// <remarks>A sample gives a threshold that a few more than k elements reach; one pass collects these, and k are selected among them.
/// If the sample misled, or k is a large part of the vector, the whole vector is selected from. Same set either way. Owns its scratch memory.</remarks>
internal sealed class LargestMagnitudes
{
    private const int SampleFrom = 4096;
    private const int Stride = 64;
    private const int MostSamples = 65536;
    private const uint Infinity = 0x7F800000;

    private readonly int _length, _count, _samples, _rank;
    private readonly int[] _bins = new int[RadixSelect.Bins];
    private readonly int[] _chosen;
    private readonly int[] _candidates = [];
    private readonly uint[] _keys = [];

    /// <summary>Allocates the scratch memory.</summary>
    /// <param name="length">Elements of every vector (d).</param>
    /// <param name="count">Elements selected (k), 1 to d.</param>
    public LargestMagnitudes(int length, int count)
    {
        (_length, _count) = (length, count);
        _chosen = new int[count];
        if (length < SampleFrom || count > length / 8)
        {
            return;
        }

        // The rank in the sample is three standard deviations beyond the expected one, so fewer than k candidates are rare;
        // the room is for six more deviations, so an overflow is rarer.
        _samples = Math.Min(length / Stride, MostSamples);
        var expected = (double)_samples * count / length;
        _rank = Math.Min(_samples, (int)Math.Ceiling(expected + (3 * Math.Sqrt(expected)) + 4));
        var room = (double)length / _samples * (_rank + (6 * Math.Sqrt(_rank)));
        _candidates = new int[(int)Math.Min(length, room + 256)];
        _keys = new uint[Math.Max(_candidates.Length, _samples)];
    }

    /// <summary>Selects.</summary>
    /// <param name="vector">As long as said.</param>
    /// <returns>Ascending indices, valid until the next call; fewer than k if fewer elements are not zero.</returns>
    /// <exception cref="NonFiniteException">There is a NaN or an infinity.</exception>
    public ReadOnlySpan<int> Select(ReadOnlySpan<float> vector)
    {
        var selected = _samples > 0 ? AmongCandidates(vector) : -1;
        if (selected < 0)
        {
            RequireFinite(vector);
            selected = Among(MemoryMarshal.Cast<float, uint>(vector));
        }

        return _chosen.AsSpan(0, selected);
    }

    private static void RequireFinite(ReadOnlySpan<float> vector)
    {
        var bad = FiniteScan.IndexOfNonFinite(vector);
        if (bad >= 0)
        {
            throw VectorChecks.NonFinite("the vector", bad, vector[bad]);
        }
    }

    // −1: the sample misled.
    private int AmongCandidates(ReadOnlySpan<float> vector)
    {
        var bits = MemoryMarshal.Cast<float, uint>(vector);
        var least = SampledThreshold(bits);
        var found = MagnitudeFilter.Take(bits, least, int.MaxValue, _candidates);
        if (found < 0 || (found < _count && least > 1))
        {
            return -1;
        }

        var keys = _keys.AsSpan(0, found);
        var largest = 0u;
        for (var j = 0; j < found; j++)
        {
            keys[j] = bits[_candidates[j]] & int.MaxValue;
            largest = Math.Max(largest, keys[j]);
        }

        if (largest >= Infinity)
        {
            RequireFinite(vector);
        }

        var selected = Among(keys);
        for (var j = 0; j < selected; j++)
        {
            _chosen[j] = _candidates[_chosen[j]];
        }

        return selected;
    }

    private int Among(ReadOnlySpan<uint> bits)
    {
        if (bits.Length <= _count)
        {
            return MagnitudeFilter.Take(bits, 1, int.MaxValue, _chosen);
        }

        var (threshold, above) = RadixSelect.Find(bits, _count, _bins);
        return threshold == 0
            ? MagnitudeFilter.Take(bits, 1, int.MaxValue, _chosen)
            : MagnitudeFilter.Take(bits, threshold, _count - above, _chosen);
    }

    // At least 1, so that zeros are no candidates, and at most infinity, so that everything not finite is one.
    private uint SampledThreshold(ReadOnlySpan<uint> bits)
    {
        var stride = (double)_length / _samples;
        for (var s = 0; s < _samples; s++)
        {
            // One element of each stretch, at an irregular place: no pattern of the vector hides from the sample.
            var place = ((uint)s * 0x9E3779B1u) >> 8;
            _keys[s] = bits[Math.Min(_length - 1, (int)((s + (place * (1.0 / (1 << 24)))) * stride))];
        }

        return Math.Clamp(RadixSelect.Find(_keys.AsSpan(0, _samples), _rank, _bins).Threshold, 1, Infinity);
    }
}

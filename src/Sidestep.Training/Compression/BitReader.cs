using System.Numerics;

namespace Sidestep.Training;

/// <summary>Unpacks what <see cref="BitWriter"/> packed; never reads beyond its bytes.</summary>
/// <param name="source">The bytes.</param>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private ulong _bits;
    private int _held;
    private int _at;

    /// <summary>Whether all whole bytes are used up and the padding is zero.</summary>
    public readonly bool AtEnd => _at == _source.Length && _held < 8 && _bits == 0;

    /// <summary>Takes bits.</summary>
    /// <param name="count">0 to 32.</param>
    /// <param name="value">The bits, least significant first.</param>
    /// <returns>False: there are not as many.</returns>
    public bool TryRead(int count, out uint value)
    {
        value = 0;
        if (_held < count && !Fill(count))
        {
            return false;
        }

        value = (uint)(_bits & ((1UL << count) - 1));
        Drop(count);
        return true;
    }

    /// <summary>Takes ones up to the next zero, and the zero.</summary>
    /// <param name="limit">Most ones allowed.</param>
    /// <param name="value">The number of ones.</param>
    /// <returns>False: no zero before the end, or too many ones.</returns>
    public bool TryReadUnary(int limit, out int value)
    {
        value = 0;
        while (_held > 0 || Fill(1))
        {
            // Bits that are not held are zero, so a run always ends; at the end of what is held it may go on.
            var run = Math.Min(BitOperations.TrailingZeroCount(~_bits), _held);
            value += run;
            if (value > limit)
            {
                return false;
            }

            if (run < _held)
            {
                Drop(run + 1);
                return true;
            }

            Drop(run);
        }

        return false;
    }

    private bool Fill(int count)
    {
        while (_held <= 48 && _at < _source.Length)
        {
            _bits |= (ulong)_source[_at++] << _held;
            _held += 8;
        }

        return _held >= count;
    }

    private void Drop(int count)
    {
        _bits >>= count;
        _held -= count;
    }
}

namespace Sidestep.Training;

/// <summary>Packs bits, least significant first; the last byte is filled up with zeros.</summary>
/// <param name="target">Exactly as many bytes as the bits need.</param>
internal ref struct BitWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private ulong _bits;
    private int _held;
    private int _at;

    /// <summary>Appends the low bits of a number.</summary>
    /// <param name="value">Zero above the bits written.</param>
    /// <param name="count">0 to 32.</param>
    public void Write(uint value, int count)
    {
        _bits |= (ulong)value << _held;
        _held += count;
        while (_held >= 8)
        {
            _target[_at++] = (byte)_bits;
            _bits >>= 8;
            _held -= 8;
        }
    }

    /// <summary>Appends a number as that many ones and a zero.</summary>
    /// <param name="value">At least 0.</param>
    public void WriteUnary(int value)
    {
        for (; value >= 31; value -= 31)
        {
            Write((1u << 31) - 1, 31);
        }

        Write((1u << value) - 1, value + 1);
    }

    /// <summary>Writes the bits of the unfinished byte.</summary>
    public void Finish()
    {
        if (_held > 0)
        {
            _target[_at++] = (byte)_bits;
            _held = 0;
        }
    }
}

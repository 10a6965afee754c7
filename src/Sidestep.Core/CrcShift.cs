namespace Sidestep;

/// <summary>Moves a CRC-32C register past a fixed number of zero bytes: multiplication by x^(8·n) modulo the polynomial, as four table look-ups.</summary>
internal sealed class CrcShift
{
    // The reflected polynomial; bit 31 is x⁰.
    private const uint Polynomial = 0x82F63B78;
    private const uint One = 0x80000000;

    private readonly uint[] _table = new uint[4 * 256];

    public CrcShift(int bytes)
    {
        var factor = Power(bytes);
        for (var position = 0; position < 4; position++)
        {
            for (var value = 0; value < 256; value++)
            {
                _table[(256 * position) + value] = Multiply((uint)value << (8 * position), factor);
            }
        }
    }

    public uint Apply(uint crc) =>
        _table[crc & 0xFF] ^ _table[256 + ((crc >> 8) & 0xFF)] ^ _table[512 + ((crc >> 16) & 0xFF)] ^ _table[768 + (crc >> 24)];

    /// <summary>The same for any number of bytes, by repeated squaring.</summary>
    public static uint Shift(uint crc, long bytes) => Multiply(crc, Power(bytes));

    private static uint Power(long bytes)
    {
        var result = One;
        var square = One >> 8;
        for (; bytes > 0; bytes >>= 1)
        {
            if ((bytes & 1) != 0)
            {
                result = Multiply(result, square);
            }

            square = Multiply(square, square);
        }

        return result;
    }

    private static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (var bit = One; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0)
            {
                product ^= b;
            }

            b = (b >> 1) ^ ((b & 1) * Polynomial);
        }

        return product;
    }
}

using System.Numerics;

namespace Sidestep.Training;

/// <summary>How a CRC is written beside the bytes it is of: turned and moved. A CRC over bytes that contain their own CRC would not depend on them.</summary>
/// <remarks>Source: the masking of J. Dean and S. Ghemawat's LevelDB log format (crc32c.h).</remarks>
internal static class StoredChecksum
{
    private const uint Move = 0xA282EAD8;

    /// <summary>As it is written.</summary>
    internal static uint Of(uint crc) => BitOperations.RotateRight(crc, 15) + Move;

    /// <summary>As it was measured.</summary>
    internal static uint Crc(uint stored) => BitOperations.RotateLeft(stored - Move, 15);
}

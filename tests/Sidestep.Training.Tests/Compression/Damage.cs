namespace Sidestep.Training.Tests.Compression;

/// <summary>Ways to damage a message.</summary>
internal static class Damage
{
    public static IEnumerable<byte[]> EveryBit(byte[] message)
    {
        for (var bit = 0; bit < message.Length * 8; bit++)
        {
            var changed = (byte[])message.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return changed;
        }
    }

    public static IEnumerable<byte[]> EveryLength(byte[] message)
    {
        for (var length = 0; length < message.Length; length++)
        {
            yield return message[..length];
        }

        yield return [.. message, 0];
        yield return [.. message, .. message];
    }

    /// <summary>Makes payload length and checksum right again, so that only the contents are wrong.</summary>
    public static byte[] Resealed(byte[] message)
    {
        var changed = (byte[])message.Clone();
        BitConverter.TryWriteBytes(changed.AsSpan(24), changed.Length - 32);
        BitConverter.TryWriteBytes(changed.AsSpan(28), Checksum.Crc32C(changed.AsSpan(32), Checksum.Crc32C(changed.AsSpan(0, 28))));
        return changed;
    }
}

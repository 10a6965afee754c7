using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep;

/// <summary>A chain of SHA-256 links over a run's rounds: two runs went the same way if and only if their hashes are equal.</summary>
/// <remarks>H₀ is 32 zero bytes; H_k = SHA-256(H_{k−1} ‖ round (8 bytes, little-endian) ‖ SHA-256(model ‖ optimizer state)).
/// Appending allocates nothing.</remarks>
public sealed class TrajectoryHash : ISnapshot, IDisposable
{
    private readonly byte[] _link = new byte[SHA256.HashSizeInBytes];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Action<ReadOnlySpan<byte>> _append;

    /// <summary>Starts a chain.</summary>
    public TrajectoryHash()
    {
        _append = bytes => _hash.AppendData(bytes);
    }

    /// <summary>The last link: 64 lower-case hexadecimal digits.</summary>
    public string Hex => Convert.ToHexStringLower(_link);

    /// <summary>Adds a link.</summary>
    /// <param name="round">Rounds done.</param>
    /// <param name="model">The parameters.</param>
    /// <param name="optimizer">Whose state counts too.</param>
    public void Append(long round, ReadOnlySpan<float> model, IOptimizerSession optimizer)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.AppendData(MemoryMarshal.AsBytes(model));
        optimizer.Digest(_append);
        _hash.GetHashAndReset(digest);

        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, round);
        _hash.AppendData(_link);
        _hash.AppendData(number);
        _hash.AppendData(digest);
        _hash.GetHashAndReset(_link);
    }

    /// <inheritdoc/>
    public void Save(IStateWriter writer) => writer.Write<byte>("link", _link);

    /// <inheritdoc/>
    public void Load(IStateReader reader) => reader.Read<byte>("link", _link);

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}

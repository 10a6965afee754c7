using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sidestep.Runtime;

/// <summary>What both ends of a link must agree on, and how they prove the per-run secret.</summary>
/// <param name="secret">The run's secret, 32 bytes.</param>
/// <param name="specHash">Hash of the resolved spec.</param>
/// <param name="numericClass">Names the arithmetic.</param>
internal sealed class Identity(ReadOnlyMemory<byte> secret, string specHash, string numericClass)
{
    public const int NonceBytes = 32, ProofBytes = 32;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), 32, info: Encoding.ASCII.GetBytes("sidestep-join-v1"));

    public string SpecHash { get; } = specHash;

    public string NumericClass { get; } = numericClass;

    /// <summary>The run's id; both ends derive it, so frames of another run are told apart.</summary>
    public ulong Job => BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(_key, "job"u8));

    /// <summary>Proof of the secret by one side over both nonces and the hello.</summary>
    public byte[] Prove(string role, ReadOnlySpan<byte> diallerNonce, ReadOnlySpan<byte> listenerNonce, ReadOnlySpan<byte> hello)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        mac.AppendData("join-v1"u8);
        mac.AppendData(Encoding.ASCII.GetBytes(role));
        mac.AppendData(diallerNonce);
        mac.AppendData(listenerNonce);
        mac.AppendData(SHA256.HashData(hello));
        return mac.GetHashAndReset();
    }

    public static byte[] Nonce() => RandomNumberGenerator.GetBytes(NonceBytes);
}

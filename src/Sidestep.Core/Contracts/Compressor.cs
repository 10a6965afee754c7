using System.Buffers;
using System.Numerics;

namespace Sidestep;

/// <summary>What a compressor promises.</summary>
/// <param name="Remembers">It keeps state between messages (error feedback, difference coding).</param>
/// <param name="Unbiased">Its expectation is the input.</param>
/// <param name="Lossless">The reader returns the very values that were written.</param>
/// <param name="Contraction">δ ≥ 1 with E‖C(x) − x‖² ≤ (1 − 1/δ)‖x‖² for a vector of the given length; NaN if it has none.</param>
/// <param name="CommutesWithSums">C(x) + C(y) is a message of the same kind.</param>
public readonly record struct CompressorTraits(
    bool Remembers, bool Unbiased, bool Lossless, Func<int, double> Contraction, bool CommutesWithSums);

/// <summary>Names one stream of messages: a group of partitions and a block, not a machine. Replicas of a stream hold the same memory.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Stream">Which stream: the class of rows with equal terms.</param>
public readonly record struct StreamKey(ulong Seed, int Stream);

/// <summary>An immutable compression recipe: a stateful writer per sender and a reader per receiver of one stream.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface ICompressor<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The name with parameters, as in the catalog: <c>feedback(top-k(0.01))</c>.</summary>
    string Name { get; }

    /// <summary>The wire id of the codec (share sub-header).</summary>
    ushort CodecId { get; }

    /// <summary>What it promises.</summary>
    CompressorTraits Traits { get; }

    /// <summary>Most bytes a message for this length can have.</summary>
    /// <param name="length">Elements.</param>
    int MaxBytes(int length);

    /// <summary>Opens the sending end.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="length">Elements of every vector.</param>
    IVectorWriter<T> CreateWriter(StreamKey key, int length);

    /// <summary>Opens the receiving end.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="length">Elements of every vector.</param>
    IVectorReader<T> CreateReader(StreamKey key, int length);
}

/// <summary>The sending end of a stream; single owner.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface IVectorWriter<T> : ISnapshot
    where T : unmanaged
{
    /// <summary>Encodes a vector. State changes as if the message took effect; see <see cref="Settle"/>.</summary>
    /// <param name="round">The round.</param>
    /// <param name="vector">The values; must be finite.</param>
    /// <param name="message">Receives the encoding.</param>
    /// <exception cref="NonFiniteException">The vector holds a NaN or an infinity; state is unchanged.</exception>
    void Write(long round, ReadOnlySpan<T> vector, IBufferWriter<byte> message);

    /// <summary>Says whether the message of a round took effect; if not, its content is carried over. Repeats are ignored.</summary>
    /// <param name="round">The round of the last <see cref="Write"/>; other rounds are ignored.</param>
    /// <param name="used">Whether it was part of the result.</param>
    void Settle(long round, bool used);
}

/// <summary>The receiving end of a stream; single owner.</summary>
/// <typeparam name="T">The payload's scalar.</typeparam>
public interface IVectorReader<T> : ISnapshot
    where T : unmanaged
{
    /// <summary>Decodes a message.</summary>
    /// <param name="round">The round.</param>
    /// <param name="message">The encoding, from an untrusted peer.</param>
    /// <param name="vector">Receives the values; overwritten.</param>
    /// <exception cref="MalformedException">The message is not canonical; nothing was changed.</exception>
    void Read(long round, ReadOnlySpan<byte> message, Span<T> vector);

    /// <summary>Most bytes a message for this length can have.</summary>
    /// <param name="length">Elements.</param>
    int MaxBytes(int length);
}

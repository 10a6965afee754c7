using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sidestep.Training;

/// <summary>Rows that are windows over one sequence of tokens: features are a window's tokens, the label is the token behind it.</summary>
/// <remarks>Memory: one byte per token, two with more than 256 different ones, however many windows there are and however long they are.</remarks>
internal sealed class WindowStorage : RowStorage
{
    private readonly CharacterText _text;
    private readonly int _first;
    private readonly int _length;
    private readonly int _context;
    private readonly Lazy<string> _fingerprint;

    /// <param name="text">The tokens.</param>
    /// <param name="first">The first token of these windows.</param>
    /// <param name="length">Tokens of these windows; more than <paramref name="context"/>.</param>
    /// <param name="context">Tokens of a window, without the one behind it.</param>
    /// <param name="stride">By how many tokens a window begins after the one before.</param>
    internal WindowStorage(CharacterText text, int first, int length, int context, int stride)
    {
        (_text, _first, _length, _context, Stride) = (text, first, length, context, stride);
        Count = ((length - context - 1) / stride) + 1;
        _fingerprint = new Lazy<string>(Digest);
    }

    internal int Stride { get; }

    internal override RowFormat Format => RowFormat.Windows;

    internal override long Count { get; }

    internal override int Features => _context;

    internal override int Classes => _text.Tokens;

    internal override string Fingerprint => _fingerprint.Value;

    internal override int LargestView => 1 << 30;

    internal override string Vocabulary => _text.Vocabulary;

    /// <summary>Reads a window.</summary>
    /// <param name="row">Which.</param>
    /// <param name="tokens">Receives its tokens.</param>
    /// <returns>The token behind it.</returns>
    internal float Read(long row, Span<float> tokens)
    {
        var at = _first + (int)(row * Stride);
        _text.Copy(at, tokens);
        return _text[at + _context];
    }

    internal override int ReadLabels(long row, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = _text[_first + (int)((row + i) * Stride) + _context];
        }

        return target.Length;
    }

    internal override RowPiece Piece(long row) => throw new NotSupportedException("Windows overlap; they lie in no piece.");

    // What the rows are made of says what they are.
    private string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"windows|{_context}|{Stride}|{_length}|{_text.Tokens}|{_text.Vocabulary}|")));
        var chunk = new float[4096];
        for (var at = 0; at < _length; at += chunk.Length)
        {
            var part = chunk.AsSpan(0, Math.Min(chunk.Length, _length - at));
            _text.Copy(_first + at, part);
            hash.AppendData(MemoryMarshal.AsBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}

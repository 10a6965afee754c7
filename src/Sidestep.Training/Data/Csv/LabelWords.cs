using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>Numbers of labels that are words: known ones, or given in the order the words are met. Safe to use from many threads.</summary>
internal sealed class LabelWords
{
    private const int MostWords = 65536;
    private const int LongestWord = 1024;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<string> _words = [];
    private readonly ReaderWriterLockSlim _gate = new();
    private readonly bool _open;

    /// <summary>Creates it.</summary>
    /// <param name="known">The words, class 0 first; empty: they are being met.</param>
    internal LabelWords(ImmutableArray<string> known)
    {
        _open = known.IsEmpty;
        foreach (var word in known)
        {
            if (!_ids.TryAdd(word, _words.Count))
            {
                throw new ConfigurationException($"the label word '{word}' is given twice; each class has its own");
            }

            _words.Add(word);
        }
    }

    /// <summary>For messages: what words there may be.</summary>
    internal string Known => _open
        ? string.Create(CultureInfo.InvariantCulture, $"at most {MostWords} different words of at most {LongestWord} bytes; is this the label's column?")
        : $"known are {string.Join(", ", _words)}";

    /// <summary>The words met so far, by number.</summary>
    internal IReadOnlyList<string> Words => _words;

    /// <summary>A word's number; −1: it cannot be one.</summary>
    internal int IdOf(ReadOnlySpan<byte> word)
    {
        if (word.Length > LongestWord)
        {
            return -1;
        }

        Span<char> text = stackalloc char[LongestWord];
        text = text[..Encoding.UTF8.GetChars(word, text)];
        if (!_open)
        {
            return _ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known) ? known : -1;
        }

        _gate.EnterReadLock();
        try
        {
            if (_ids.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var id))
            {
                return id;
            }
        }
        finally
        {
            _gate.ExitReadLock();
        }

        return Meet(text.ToString());
    }

    private int Meet(string word)
    {
        _gate.EnterWriteLock();
        try
        {
            if (_ids.TryGetValue(word, out var id))
            {
                return id;
            }

            if (_words.Count == MostWords)
            {
                return -1;
            }

            _ids.Add(word, _words.Count);
            _words.Add(word);
            return _words.Count - 1;
        }
        finally
        {
            _gate.ExitWriteLock();
        }
    }
}

using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>Finds out what kind of source a path is, from its name and its first bytes.</summary>
public static class SourceFormat
{
    /// <summary>The kinds.</summary>
    public static IReadOnlyList<string> Names { get; } = ["csv", "idx", "libsvm", "pictures"];

    private const int Peek = 1 << 16;

    /// <summary>Looks at a path.</summary>
    /// <param name="path">A file (plain or gzip) or a folder.</param>
    /// <returns>One of <see cref="Names"/>.</returns>
    /// <exception cref="DataException">It is missing, empty or damaged.</exception>
    /// <exception cref="ConfigurationException">It looks like none of them.</exception>
    public static string Detect(string path)
    {
        if (Directory.Exists(path))
        {
            return "pictures";
        }

        using var stream = DataStream.Open(path, long.MaxValue);
        var head = new byte[Peek];
        var bytes = head.AsSpan(0, stream.ReadAtLeast(head, Peek, throwOnEndOfStream: false));
        if (bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 8)
        {
            return "idx";
        }

        if (bytes.Contains((byte)0))
        {
            throw Unknown(path, "holds binary data");
        }

        var text = Encoding.UTF8.GetString(bytes);
        var line = text.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && l[0] != '#') ?? "";
        var words = line.Split((char[]?)[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 2 && words.Skip(1).All(w => w[0] == '#' || IsEntry(w)) ? "libsvm"
            : line.AsSpan().IndexOfAny(',', ';', '\t') >= 0 ? "csv"
            : throw Unknown(path, line.Length == 0 ? "begins with empty lines" : $"begins with '{(line.Length > 40 ? line[..40] : line)}'");
    }

    private static bool IsEntry(string word)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(word.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static ConfigurationException Unknown(string path, string why) =>
        new($"{path}: {why}, which looks like none of {string.Join(", ", Names)}; say which it is with --format");
}

using System.Globalization;
using System.IO.Compression;

namespace Sidestep.Cli.Tests.Optimum;

/// <summary>Rows of a two-class LIBSVM file in double, read without any code of the product; the larger label is +1.</summary>
internal sealed class SparseRows
{
    private SparseRows(int features, List<(int[] Columns, double[] Values, double Label)> rows)
    {
        var high = rows.Max(r => r.Label);
        (Features, Rows) = (features, [.. rows.Select(r => (r.Columns, r.Values, r.Label == high ? 1.0 : -1.0))]);
    }

    public int Features { get; }

    public IReadOnlyList<(int[] Columns, double[] Values, double Sign)> Rows { get; }

    public static SparseRows Read(string path, int features)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var rows = new List<(int[], double[], double)>();
        while (text.ReadLine() is { } line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var pairs = words[1..].Select(w => w.Split(':')).ToArray();
            rows.Add((
                [.. pairs.Select(p => int.Parse(p[0], CultureInfo.InvariantCulture) - 1)],
                [.. pairs.Select(p => Number(p[1]))],
                Number(words[0])));
        }

        return new SparseRows(features, rows);
    }

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
}

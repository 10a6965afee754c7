namespace Sidestep.Training;

/// <summary>Suggestions for misspelt names.</summary>
internal static class ClosestName
{
    /// <summary>"did you mean 'x'?" if one is near, else the list of what there is.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">What there is.</param>
    public static string Suggest(string word, IEnumerable<string> names)
    {
        var known = names.ToArray();
        var nearest = known.MinBy(name => Distance(word, name))!;
        return Distance(word, nearest) <= Math.Max(2, nearest.Length / 2)
            ? $"did you mean '{nearest}'?"
            : $"there are {string.Join(", ", known.Select(name => $"'{name}'"))}";
    }

    /// <summary>Least number of characters to insert, delete or replace (Levenshtein 1966), case ignored.</summary>
    /// <param name="a">One word; its first 64 characters count.</param>
    /// <param name="b">The other.</param>
    public static int Distance(string a, string b)
    {
        a = a[..Math.Min(64, a.Length)].ToLowerInvariant();
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = diagonal + (a[i - 1] == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

namespace Sidestep;

/// <summary>The nearest valid choice to a word that is not valid.</summary>
public static class Nearest
{
    private const int FewChoices = 12;
    private const int LongestWord = 64;

    /// <summary>A clause for a message: <c>the nearest is 'rounds'</c>, or the list of choices if none is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="choices">What is valid.</param>
    public static string Clause(string word, IEnumerable<string> choices)
    {
        var all = choices.ToArray();
        var best = all.MinBy(choice => Distance(word, choice));
        if (best is not null && Distance(word, best) <= Math.Max(2, word.Length / 3))
        {
            return $"the nearest is '{best}'";
        }

        return all.Length switch
        {
            0 => "there is no choice",
            <= FewChoices => $"choices: {string.Join(", ", all)}",
            _ => $"choices: {string.Join(", ", all.Take(FewChoices))}, …",
        };
    }

    /// <summary>Optimal string alignment distance, upper and lower case alike: insertions, deletions, exchanges and swaps of neighbours. Of a longer word the first 64 characters count.</summary>
    /// <param name="left">A word.</param>
    /// <param name="right">Another.</param>
    public static int Distance(string left, string right)
    {
        var (a, b) = (Folded(left), Folded(right));
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                var change = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, 1 + Math.Min(cost[i - 1, j], cost[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }

    private static string Folded(string word) => word[..Math.Min(LongestWord, word.Length)].ToLowerInvariant();
}

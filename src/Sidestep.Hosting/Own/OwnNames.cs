using System.Text.RegularExpressions;

namespace Sidestep.Hosting;

/// <summary>Rules for the names a program registers.</summary>
internal static partial class OwnNames
{
    /// <summary>Every name that cannot be used, and why.</summary>
    /// <param name="entries">What was registered, in order.</param>
    public static List<string> Problems(IEnumerable<CatalogEntry> entries)
    {
        var problems = new List<string>();
        var taken = SidestepCatalog.BuiltIn.Entries.ToDictionary(e => (e.Kind, e.Name), _ => "it is built in");
        foreach (var entry in entries)
        {
            if (!WellFormed().IsMatch(entry.Name ?? string.Empty))
            {
                problems.Add($"{entry.Kind}: '{entry.Name}' is not a name; use lower-case letters, digits and single dashes, such as 'my-net'");
            }
            else if (!taken.TryAdd((entry.Kind, entry.Name!), "it is registered twice"))
            {
                problems.Add($"{entry.Kind}: the name '{entry.Name}' is taken: {taken[(entry.Kind, entry.Name!)]}; choose another, such as 'my-{entry.Name}'");
            }
        }

        return problems;
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex WellFormed();
}

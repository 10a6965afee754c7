using System.Text.RegularExpressions;

namespace Sidestep.Architecture.Tests;

public sealed partial class HouseRuleTests
{
    private const int FileCeiling = 400;

    [Fact]
    public void Files_stay_under_the_ceiling()
    {
        var tooLong = Repository.Sources("src").Concat(Repository.Sources("tests"))
            .Select(f => (File: Repository.Relative(f), Lines: File.ReadLines(f).Count()))
            .Where(f => f.Lines > FileCeiling);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Kernels_are_blind()
    {
        // No allocation, no waiting, no fields beyond constants and tables, no logging in kernel files.
        var forbidden = new[] { "async ", "await ", "Task<", "Console.", "lock (", "new List<", "ToArray()" };
        var found =
            from file in Repository.Sources(Path.Combine("src", "Sidestep.Core", "Kernels"))
            from word in forbidden
            where File.ReadAllText(file).Contains(word, StringComparison.Ordinal)
            select $"{Repository.Relative(file)}: {word}";
        Assert.Empty(found);
    }

    [Fact]
    public void Types_are_not_called_manager_helper_or_util()
    {
        var found =
            from file in Repository.Sources("src")
            from System.Text.RegularExpressions.Match match in VagueName().Matches(File.ReadAllText(file))
            select $"{Repository.Relative(file)}: {match.Value}";
        Assert.Empty(found);
    }

    [Fact]
    public void Strategies_and_mixers_take_time_and_chance_from_the_node()
    {
        var forbidden = new[] { "Stopwatch", "DateTime.", "DateTimeOffset.", "new Random", "Random.Shared", "Task.Run", "Task.Delay", "ConfigureAwait", "Environment.TickCount", "Guid.NewGuid" };
        var found =
            from folder in new[] { "Strategies", "Mixers" }
            from file in Repository.Sources(Path.Combine("src", "Sidestep.Training", folder))
            from word in forbidden
            where File.ReadAllText(file).Contains(word, StringComparison.Ordinal)
            select $"{Repository.Relative(file)}: {word}";
        Assert.Empty(found);
    }

    [Fact]
    public void Nothing_reads_numbers_with_the_user_culture_or_runs_foreign_code()
    {
        var forbidden = new[] { "BinaryFormatter", "TypeNameHandling", "Assembly.Load", "CSharpScript" };
        var found =
            from file in Repository.Sources("src")
            from word in forbidden
            where File.ReadAllText(file).Contains(word, StringComparison.Ordinal)
            select $"{Repository.Relative(file)}: {word}";
        Assert.Empty(found);
    }

    [Fact]
    public void Only_one_file_calls_the_operating_system()
    {
        // OpenBLAS is found and bound in its own file; everything else goes through Os.
        var allowed = new[] { "Os.cs", "OpenBlas.cs" };
        var found = Repository.Sources("src")
            .Where(f => !allowed.Contains(Path.GetFileName(f)))
            .Where(f => File.ReadAllText(f) is var text
                && (text.Contains("[LibraryImport", StringComparison.Ordinal) || text.Contains("[DllImport", StringComparison.Ordinal)))
            .Select(Repository.Relative);
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\b(class|struct|record|interface|enum) \w*(Manager|Helper|Helpers|Util|Utils|Utility|Impl)\b")]
    private static partial Regex VagueName();
}

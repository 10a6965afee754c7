using Sidestep.Coding;
using Sidestep.Training;

namespace Sidestep.Architecture.Tests;

public sealed class CompanionTests
{
    public static TheoryData<string> Methods =>
        [.. CodeCatalog.Entries.Select(e => e.Name),
            .. CompressorCatalog.Entries.Select(e => e.Name),
            .. MixerCatalog.Entries.Select(e => e.Name),
            .. StrategyCatalog.Entries.Select(e => e.Name),
            "sgd", "momentum", "nesterov", "adam", "adamw"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_has_its_page(string name)
    {
        var page = Path.Combine(Repository.Root, "docs", "methods", name + ".md");
        Assert.True(File.Exists(page), $"docs/methods/{name}.md is missing");
        Assert.Contains("When not", File.ReadAllText(page), StringComparison.OrdinalIgnoreCase);
    }
}

using System.Xml.Linq;

namespace Sidestep.Architecture.Tests;

public sealed class ArrowTests
{
    // The arrows of the design: what a project may reference.
    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Sidestep.Core", [] },
        { "Sidestep.Coding", ["Sidestep.Core"] },
        { "Sidestep.Training", ["Sidestep.Core", "Sidestep.Coding"] },
        { "Sidestep.Simulation", ["Sidestep.Core"] },
        { "Sidestep.Runtime", ["Sidestep.Core"] },
        { "Sidestep.Testing", ["Sidestep.Core"] },
        { "Sidestep.Hosting", ["Sidestep.Training", "Sidestep.Simulation", "Sidestep.Runtime"] },
        { "Sidestep.Cli", ["Sidestep.Hosting"] },
        { "Sidestep.Tool", ["Sidestep.Cli"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Project_references_only_what_the_design_allows(string project, string[] allowed)
    {
        var file = Path.Combine(Repository.Root, "src", project, project + ".csproj");
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_project_of_the_tree_has_its_arrow_here()
    {
        var projects = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);
        Assert.Equal(Arrows.Select(a => (string)a[0]).Order(), projects.Order());
    }

    [Fact]
    public void Core_has_no_package_but_tensors()
    {
        var file = Path.Combine(Repository.Root, "src", "Sidestep.Core", "Sidestep.Core.csproj");
        var packages = XDocument.Load(file).Descendants("PackageReference").Select(r => r.Attribute("Include")!.Value);
        Assert.Equal(["System.Numerics.Tensors"], packages);
    }

    [Fact]
    public void Every_package_has_its_reason_in_the_docs()
    {
        var reasons = File.ReadAllText(Path.Combine(Repository.Root, "docs", "dependencies.md"));
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion");
        Assert.All(versions, v => Assert.Contains(v.Attribute("Include")!.Value, reasons, StringComparison.Ordinal));
    }
}

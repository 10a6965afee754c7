using System.Xml.Linq;

namespace Sidestep.Cli.Tests.Hosting;

public sealed class NewProjectTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Project_is_written_whole_against_this_version()
    {
        var files = NewProject.Write("My-Training", _bench.Folder, null);
        Assert.Equal([".gitignore", "Program.cs", "README.md", "run.json", "My-Training.csproj", "Spirals.cs", "TwoLayerNet.cs"], files.Order(StringComparer.Ordinal).ToHashSet());
        var project = XDocument.Load(_bench.In("My-Training/My-Training.csproj"));
        var package = project.Descendants("PackageReference").Single();
        Assert.Equal(("Sidestep.Cli", NewProject.Version), (package.Attribute("Include")!.Value, package.Attribute("Version")!.Value));
        Assert.Contains("namespace My_Training;", File.ReadAllText(_bench.In("My-Training/Spirals.cs")), StringComparison.Ordinal);
        Assert.All(files, f => Assert.DoesNotContain("NAMESPACE", File.ReadAllText(_bench.In("My-Training/" + f)), StringComparison.Ordinal));
        Assert.False(File.Exists(_bench.In("My-Training/nuget.config")));
        Assert.NotNull(OwnProgram.Host().Build().Load(_bench.In("My-Training/run.json")));
    }

    [Fact]
    public void Packages_are_named_in_a_config_if_they_are_there()
    {
        Directory.CreateDirectory(_bench.In("packages"));
        Assert.Contains("has no Sidestep.Cli.", OwnProgram.Refused(() => NewProject.Write("P", _bench.Folder, _bench.In("packages"))), StringComparison.Ordinal);
        Assert.Contains("there is no folder", OwnProgram.Refused(() => NewProject.Write("P", _bench.Folder, _bench.In("none"))), StringComparison.Ordinal);
        _bench.Write($"packages/Sidestep.Cli.{NewProject.Version}.nupkg", "x");
        Assert.Contains("nuget.config", NewProject.Write("P", _bench.Folder, _bench.In("packages")));
        Assert.Equal(
            _bench.In("packages"), XDocument.Load(_bench.In("P/nuget.config")).Descendants("add").Single().Attribute("value")!.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9lives")]
    [InlineData("a b")]
    [InlineData("../up")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    [InlineData("dots..dots")]
    [InlineData("ends.")]
    [InlineData("naïve")]
    [InlineData("Sidestep")]
    [InlineData("sidestep.Cli")]
    public void Bad_names_are_refused(string name)
    {
        OwnProgram.Refused(() => NewProject.Write(name, _bench.Folder, null));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_bench.Folder));
    }

    [Fact]
    public void Nothing_is_written_over_anything()
    {
        Directory.CreateDirectory(_bench.In("Full"));
        _bench.Write("Full/keep.txt", "mine");
        var error = Assert.Throws<OperatingSystemException>(() => NewProject.Write("Full", _bench.Folder, null));
        Assert.Equal(73, error.ExitCode);
        Assert.Contains("keep.txt", error.Message, StringComparison.Ordinal);
        _bench.Write("File", "mine");
        Assert.Throws<OperatingSystemException>(() => NewProject.Write("File", _bench.Folder, null));
        Assert.Equal("mine", File.ReadAllText(_bench.In("Full/keep.txt")));
        Directory.CreateDirectory(_bench.In("Empty"));
        Assert.NotEmpty(NewProject.Write("Empty", _bench.Folder, null));
    }
}

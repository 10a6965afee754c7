namespace Sidestep.Cli;

/// <summary>The repository this command was built in, if it runs from there.</summary>
internal static class Checkout
{
    /// <summary>The folder of packages of the repository, if this command runs from its build output and the packages of its version were made.</summary>
    public static string? Packages()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Sidestep.slnx")))
            {
                var packages = Path.Combine(folder, "artifacts", "packages");
                return File.Exists(Path.Combine(packages, $"Sidestep.Cli.{NewProject.Version}.nupkg")) ? packages : null;
            }
        }

        return null;
    }
}

namespace Sidestep.Cli.Tests;

internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "Sidestep.slnx")))
        {
            at = Path.GetDirectoryName(at.TrimEnd(Path.DirectorySeparatorChar))
                ?? throw new InvalidOperationException("these tests run inside the repository");
        }

        return at;
    }
}

namespace Sidestep.Coding.Tests;

/// <summary>Parameters with which every catalog entry can be made.</summary>
internal static class Examples
{
    /// <summary>Three blocks; any two lines are independent, all three axes are not there.</summary>
    public static readonly double[][] Directions = [[1, 0, 0], [0, 2, 0], [0, 0, 3], [1, 1, 1], [1, -1, 2], [1, 3, -1]];

    public static ICode<float> Of(string name, int workers = 6, int stragglers = 0, ulong seed = 1) => CodeCatalog.Find(name).Create(new CodeParameters
    {
        Workers = workers,
        Stragglers = stragglers,
        Seed = seed,
        Load = name is "ye-abbe" or "grouped-linear" ? Math.Min(workers, stragglers + 2) : 0,
        Reduction = name is "ye-abbe" or "grouped-linear" ? Math.Min(workers - stragglers, 2) : 0,
        Blocks = name is "greedy-lines" or "axes" ? 3 : 0,
        Weight = name == "greedy-lines" && workers == 7 ? 3 : null,
        Directions = name == "directions" ? Directions[..workers] : null,
    });

    /// <summary>A number of workers the entry exists for, and one straggler where that is exact.</summary>
    public static ICode<float> Usual(string name) => Of(name, name switch { "pair-lines" => 12, "axes-and-pairs" => 9, _ => 6 }, stragglers: 1);
}

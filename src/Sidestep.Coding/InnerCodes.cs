namespace Sidestep.Coding;

/// <summary>Inner codes by name.</summary>
public static class InnerCodes
{
    /// <summary>The names, simplest first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["gaussian", "repetition", "split", "parity", "integer-4-2", "triangle-6-3", "hamming-7-4"];

    /// <summary>Most Gaussian matrices that are drawn; the one whose worst submatrix is conditioned best is kept.</summary>
    public const int Draws = 60;

    // Sets of columns that are looked at over all draws, and most sets of one draw.
    private const long Looks = 200_000, MostSets = 20_000;

    /// <summary>All workers of a group send the whole sum: fractional repetition. [d, 1, d].</summary>
    /// <param name="load">d.</param>
    public static InnerCode Repetition(int load) => Of(1, load, (_, _) => 1);

    /// <summary>Each worker sends a part of its own: shortest messages, no tolerance. [d, d, 1].</summary>
    /// <param name="load">d.</param>
    public static InnerCode Split(int load) => Of(load, load, (b, c) => b == c ? 1 : 0);

    /// <summary>A part for each worker but the last, who sends the sum of all. [m+1, m, 2].</summary>
    /// <param name="load">d = m + 1, at least 2.</param>
    public static InnerCode Parity(int load) => Of(load - 1, load, (b, c) => b == c || c == load - 1 ? 1 : 0);

    /// <summary>(1,0), (0,1), (1,1), (1,−1): any two of four decode, with integers. [4, 2, 3].</summary>
    public static InnerCode Integer { get; } = new(new double[,] { { 1, 0, 1, 1 }, { 0, 1, 1, -1 } });

    /// <summary>Three parts and the three sums of two: decoded by additions. [6, 3, 3].</summary>
    public static InnerCode Triangle { get; } = new(new double[,] { { 1, 0, 0, 1, 1, 0 }, { 0, 1, 0, 1, 0, 1 }, { 0, 0, 1, 0, 1, 1 } });

    /// <summary>Hamming's code, its generator read over the reals. [7, 4, 3].</summary>
    public static InnerCode Hamming { get; } = new(new double[,]
    {
        { 1, 0, 0, 0, 1, 1, 0 },
        { 0, 1, 0, 0, 1, 0, 1 },
        { 0, 0, 1, 0, 0, 1, 1 },
        { 0, 0, 0, 1, 1, 1, 1 },
    });

    /// <summary>Independent normal entries: any m of d decode. [d, m, d − m + 1]. The best of <see cref="Draws"/> by its worst m × m submatrix.</summary>
    /// <remarks>Source: Kadhe, Koyluoglu, Ramchandran, ISIT 2020 (Gaussian matrices); Azaïs, Wschebor 2005 (their condition); choosing among draws is ours.</remarks>
    /// <param name="load">d, at most <see cref="InnerCode.MostColumns"/>.</param>
    /// <param name="reduction">m.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <exception cref="ConfigurationException">There are more than 20,000 sets of m columns.</exception>
    public static InnerCode Gaussian(int load, int reduction, ulong seed)
    {
        var sets = WorkerSets.Count(load, reduction);
        if (sets > MostSets)
        {
            throw new ConfigurationException(
                $"a Gaussian code of load {load} and reduction {reduction} has {sets} sets of columns to be looked at, more than {MostSets}; choose a smaller load, or a reduction nearer to 1 or to the load");
        }

        InnerCode? best = null;
        var least = double.PositiveInfinity;
        for (var draw = 0; draw < Math.Clamp(Looks / sets, 1, Draws); draw++)
        {
            var rng = new Rng(seed, Purpose.Code, Slots.Coordinator, draw, index: 4);
            var code = Of(reduction, load, (_, _) => (float)rng.NextGaussian());
            var worst = code.Distance == load - reduction + 1 ? code.WorstCondition : double.PositiveInfinity;
            (best, least) = best is null || worst < least ? (code, worst) : (best, least);
        }

        return best!;
    }

    private static InnerCode Of(int rows, int columns, Func<int, int, double> entry)
    {
        var generator = new double[rows, columns];
        for (var b = 0; b < rows; b++)
        {
            for (var c = 0; c < columns; c++)
            {
                generator[b, c] = entry(b, c);
            }
        }

        return new InnerCode(generator);
    }
}

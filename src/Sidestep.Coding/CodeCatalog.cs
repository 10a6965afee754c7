namespace Sidestep.Coding;

/// <summary>All codes by name.</summary>
/// <remarks><code>var code = CodeCatalog.Find("fractional-repetition").Create(new CodeParameters { Workers = 12, Stragglers = 2 });</code></remarks>
public static class CodeCatalog
{
    /// <summary>The entries, simplest first.</summary>
    public static IReadOnlyList<CodeEntry> Entries { get; } =
    [
        new(UncodedCode.Name, "Wait for all: no redundancy, everybody is needed; bit-exact.", "workers", p => UncodedCode.Create(p.Workers)),
        new(
            DropSlowestCode.Name,
            "The slowest are left out of the sum; approximate.",
            "workers, stragglers, rescale",
            p => DropSlowestCode.Create(p.Workers, p.Stragglers, p.Rescale)),
        new(
            FractionalRepetitionCode.Name,
            "Groups send equal sums, one answer per group is enough; bit-exact.",
            "workers, stragglers, reissue",
            p => Behind(p, FractionalRepetitionCode.Create(p.Workers, p.Stragglers))),
        new(
            CyclicRepetitionCode.Name,
            "Any n − s workers are enough, for every n and s; exact up to certified rounding.",
            "workers, stragglers, seed, maxAmplification, reissue",
            p => Behind(p, CyclicRepetitionCode.Create(p.Workers, p.Stragglers, p.Seed, p.MaxAmplification))),
        new(
            CyclicMdsCode.Name,
            "Any n − s workers are enough, with weights that amplify rounding less; exact up to certified rounding.",
            "workers, stragglers, maxAmplification, reissue",
            p => Behind(p, CyclicMdsCode.Create(p.Workers, p.Stragglers, p.MaxAmplification))),
        new(
            ReedSolomonCode.Name,
            "Any n − s workers are enough, decoded by interpolation; exact up to certified rounding.",
            "workers, stragglers, maxAmplification, reissue",
            p => Behind(p, ReedSolomonCode.Create(p.Workers, p.Stragglers, p.MaxAmplification))),
        new(
            YeAbbeCode.Name,
            "Load d buys tolerance s and messages of 1/m of the bytes, d = s + m; exact up to certified rounding.",
            "workers, load, reduction, construction, seed, maxAmplification, reissue",
            p => Behind(p, CommunicationEfficient.YeAbbe(p))),
        new(
            GroupedLinearCode.Name,
            "A gradient code from any linear code: load, messages of 1/m of the bytes and tolerance are its length, dimension and distance.",
            "workers, load, reduction, inner, seed, maxAmplification, reissue",
            p => Behind(p, CommunicationEfficient.Grouped(p))),
        new(
            ReissueCode.Name,
            "Work of lost and slow workers is asked of idle ones, in chunks if wanted; bit-exact while one lives.",
            "workers, chunks, maxOverhead",
            p => ReissueCode.Create(p.Workers, p.Chunks, p.MaxOverhead)),
        new(
            DynamicShardsCode.Name,
            "Small shards are handed to whoever is free, fast workers take more; bit-exact while one lives.",
            "workers, shards, depth, duplicate",
            p => DynamicShardsCode.Create(p.Workers, p.Shards, p.Depth, p.Duplicate)),
        new(
            BackupWorkersCode.Name,
            "More mini-batches than needed are computed, the first that come count; approximate.",
            "workers, stragglers",
            p => BackupWorkersCode.Create(p.Workers, p.Stragglers)),
        new(
            PairLinesCode.Name,
            "Workers send sums and differences of gradient blocks, 1/K of the bytes; exact at full rank, else a projection.",
            $"blocks or workers = groups · blocks · (blocks − 1), {OfLines}",
            p => PairLinesCode.Create(LineArguments.Blocks(p, PairLinesCode.Name, 2, k => k * (k - 1)), p.Lines)),
        new(
            AxesCode.Name,
            "Workers send a block of the gradient each, copies included; bit-exact while one copy of each comes, else blocks are missing.",
            $"workers, blocks, {OfLines}",
            LineArguments.Axes),
        new(
            AxesAndPairsCode.Name,
            "Workers send blocks, sums and differences of two; exact at full rank, more stragglers than pair-lines, else a projection.",
            $"blocks or workers = groups · blocks², {OfLines}",
            p => AxesAndPairsCode.Create(LineArguments.Blocks(p, AxesAndPairsCode.Name, 1, k => k * k), p.Lines)),
        new(
            GreedyLinesCode.Name,
            "Lines for any number of workers, chosen to share as little as possible; exact at full rank, else a projection.",
            $"workers, blocks, weight, lossy, {OfLines}",
            p => GreedyLinesCode.Create(LineArguments.Given(p, GreedyLinesCode.Name), p.Workers, p.Weight, p.Lines)),
        new(
            DirectionsCode.Name,
            "Lines of your own, from a matrix of workers × blocks in a file; exact at full rank, else a projection.",
            $"file, fingerprint, workers, blocks, lossy, {OfLines}",
            LineArguments.Directions),
    ];

    // What every derivative code takes.
    private const string OfLines = "stragglers, groups, requests";

    /// <summary>Finds an entry.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ConfigurationException">There is none of this name; the nearest is named.</exception>
    public static CodeEntry Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var entry in Entries)
        {
            if (entry.Name == name)
            {
                return entry;
            }
        }

        throw new ConfigurationException($"there is no code '{name}'; {Nearest.Clause(name, Entries.Select(entry => entry.Name))}");
    }

    private static ICode<float> Behind(CodeParameters parameters, ICode<float> code) => parameters.Reissue ? ReissueBehind.Create(code) : code;
}

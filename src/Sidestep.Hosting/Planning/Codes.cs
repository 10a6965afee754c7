using System.Text.RegularExpressions;
using Sidestep.Coding;

namespace Sidestep.Hosting;

/// <summary>Codes from specs and flags.</summary>
public static partial class Codes
{
    /// <summary>Creates a code; a parameter the code does not use is refused.</summary>
    /// <param name="spec">The name and parameters.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <param name="folder">Where relative names of files start from; absent: the current folder.</param>
    /// <exception cref="ConfigurationException">Unknown name, parameters that are not valid or not used.</exception>
    public static ICode<float> Create(CodeSpec spec, SidestepCatalog? catalog = null, string? folder = null)
    {
        var entry = SidestepCatalog.Find("code", spec.Name, (catalog ?? SidestepCatalog.BuiltIn).Codes, e => e.Name);
        var used = Words().Matches(entry.Parameters).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Given(spec))
        {
            if (!used.Contains(name))
            {
                throw new ConfigurationException(
                    $"code {spec.Name} has no parameter '{name}'; it uses: {(entry.Parameters.Length == 0 ? "none" : entry.Parameters)}");
            }
        }

        var defaults = new CodeParameters();
        return entry.Create(new CodeParameters
        {
            Workers = spec.Workers,
            Stragglers = spec.Stragglers,
            Seed = spec.Seed ?? defaults.Seed,
            Blocks = spec.Blocks ?? defaults.Blocks,
            MaxAmplification = spec.MaxAmplification ?? defaults.MaxAmplification,
            Rescale = spec.Rescale ?? defaults.Rescale,
            Chunks = spec.Chunks ?? defaults.Chunks,
            MaxOverhead = spec.MaxOverhead,
            Shards = spec.Shards ?? defaults.Shards,
            Depth = spec.Depth ?? defaults.Depth,
            Duplicate = spec.Duplicate ?? defaults.Duplicate,
            Reissue = spec.Reissue ?? defaults.Reissue,
            Weight = spec.Weight,
            Groups = spec.Groups ?? defaults.Groups,
            Requests = spec.Requests ?? defaults.Requests,
            Lossy = spec.Lossy ?? defaults.Lossy,
            Load = spec.Load ?? defaults.Load,
            Reduction = spec.Reduction ?? defaults.Reduction,
            Inner = spec.Inner,
            Construction = spec.Construction,
            Directions = spec.File is null ? null : DirectionsFile.Read(spec.File, folder, spec.Fingerprint),
        });
    }

    private static IEnumerable<string> Given(CodeSpec spec)
    {
        (string Name, bool IsGiven)[] optional =
        [
            ("stragglers", spec.Stragglers != 0),
            ("seed", spec.Seed is not null),
            ("blocks", spec.Blocks is not null),
            ("maxAmplification", spec.MaxAmplification is not null),
            ("rescale", spec.Rescale is not null),
            ("chunks", spec.Chunks is not null),
            ("maxOverhead", spec.MaxOverhead is not null),
            ("shards", spec.Shards is not null),
            ("depth", spec.Depth is not null),
            ("duplicate", spec.Duplicate is not null),
            ("reissue", spec.Reissue is not null),
            ("weight", spec.Weight is not null),
            ("groups", spec.Groups is not null),
            ("requests", spec.Requests is not null),
            ("lossy", spec.Lossy is not null),
            ("load", spec.Load is not null),
            ("reduction", spec.Reduction is not null),
            ("inner", spec.Inner is not null),
            ("construction", spec.Construction is not null),
            ("file", spec.File is not null),
            ("fingerprint", spec.Fingerprint is not null),
        ];
        return optional.Where(o => o.IsGiven).Select(o => o.Name);
    }

    /// <summary>A run's code: rows of an exact code are reissued when more slots are gone than it tolerates, unless the spec, the compressor or the strategy forbids it.</summary>
    /// <param name="spec">The name and parameters.</param>
    /// <param name="catalog">What names mean.</param>
    /// <param name="unasked">Whether rows on request are not possible: shares are compressed with memory, or workers go on by themselves.</param>
    /// <param name="folder">Where relative names of files start from; absent: the current folder.</param>
    /// <exception cref="ConfigurationException">As <see cref="Create"/>.</exception>
    internal static ICode<float> ForRun(CodeSpec spec, SidestepCatalog catalog, bool unasked, string? folder = null)
    {
        var code = Create(spec, catalog, folder);
        return spec.Reissue is null && !unasked && TakesReissue(spec.Name, catalog) && ReissueBehind.Fits(code) ? ReissueBehind.Create(code) : code;
    }

    /// <summary>The spec with the fingerprint of the code's file filled in: it then names the lines, not only where they lie.</summary>
    internal static ResolvedSpec Pin(ResolvedSpec resolved) => resolved.Spec.Code is { File: { } file, Fingerprint: null } code
        ? resolved with { Spec = resolved.Spec with { Code = code with { Fingerprint = DirectionsFile.Fingerprint(file, resolved.Folder) } } }
        : resolved;

    private static bool TakesReissue(string name, SidestepCatalog catalog) =>
        Words().Matches(catalog.Codes.First(e => e.Name == name).Parameters).Any(m => m.Value == "reissue");

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Words();
}

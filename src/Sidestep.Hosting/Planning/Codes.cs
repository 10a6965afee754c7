using System.Text.RegularExpressions;
using Sidestep.Coding;

namespace Sidestep.Hosting;

/// <summary>Codes from specs and flags.</summary>
public static partial class Codes
{
    /// <summary>Creates a code; a parameter the code does not use is refused.</summary>
    /// <param name="spec">The name and parameters.</param>
    /// <param name="catalog">What names mean; absent: what is built in.</param>
    /// <exception cref="ConfigurationException">Unknown name, parameters that are not valid or not used.</exception>
    public static ICode<float> Create(CodeSpec spec, SidestepCatalog? catalog = null)
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
        });
    }

    private static IEnumerable<string> Given(CodeSpec spec)
    {
        if (spec.Stragglers != 0)
        {
            yield return "stragglers";
        }

        if (spec.Seed is not null)
        {
            yield return "seed";
        }

        if (spec.Blocks is not null)
        {
            yield return "blocks";
        }

        if (spec.MaxAmplification is not null)
        {
            yield return "maxAmplification";
        }

        if (spec.Rescale is not null)
        {
            yield return "rescale";
        }
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Words();
}

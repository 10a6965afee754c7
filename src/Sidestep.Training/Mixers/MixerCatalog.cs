using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>Every mixer there is.</summary>
public static class MixerCatalog
{
    /// <summary>The mixers, simplest first.</summary>
    public static ImmutableArray<MixerEntry> Entries { get; } =
    [
        new("star-all-reduce", "Weighted mean through the coordinator; two messages per member.", static () => new StarAllReduce()),
        new("ring-all-reduce", "Weighted mean passed from worker to worker; no hub, two vectors of traffic per member.", static () => new RingAllReduce()),
    ];

    /// <summary>The mixer of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ConfigurationException">There is none; names the nearest.</exception>
    public static IMixer Find(string name)
    {
        foreach (var entry in Entries)
        {
            if (entry.Name == name)
            {
                return entry.Create();
            }
        }

        throw new ConfigurationException($"'{name}' is not a mixer; {Nearest.Clause(name, Entries.Select(e => e.Name))}");
    }
}

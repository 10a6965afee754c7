namespace Sidestep.Training;

/// <summary>A line of the catalog of mixers.</summary>
/// <param name="Name">The name in specs and flags.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Create">Makes the recipe.</param>
public sealed record MixerEntry(string Name, string Summary, Func<IMixer> Create);

namespace Sidestep.Training;

/// <summary>A line of the catalog of compressors.</summary>
/// <param name="Name">The name in specs and flags.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Parameters">What stands in the brackets; empty: nothing.</param>
/// <param name="Example">A text that <see cref="CompressorSyntax.Parse(string)"/> reads.</param>
/// <param name="Create">Makes the recipe from the texts between the brackets; the second argument reads a text that is itself a compressor.
/// Refuses with a <see cref="ConfigurationException"/>.</param>
public sealed record CompressorEntry(
    string Name,
    string Summary,
    string Parameters,
    string Example,
    Func<IReadOnlyList<string>, Func<string, ICompressor<float>>, ICompressor<float>> Create);

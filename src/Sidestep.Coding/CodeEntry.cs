namespace Sidestep.Coding;

/// <summary>One line of the catalog.</summary>
/// <param name="Name">The name in specs and on the command line.</param>
/// <param name="Summary">What it is for, in a sentence.</param>
/// <param name="Parameters">The parameters it reads, separated by commas.</param>
/// <param name="Create">Creates an instance; throws <see cref="ConfigurationException"/> for parameters that are not valid.</param>
public sealed record CodeEntry(string Name, string Summary, string Parameters, Func<CodeParameters, ICode<float>> Create);

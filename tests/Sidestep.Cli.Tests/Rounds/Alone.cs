namespace Sidestep.Cli.Tests.Rounds;

/// <summary>Tests that look at real time or at threads run beside nothing else.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

namespace Sidestep.Hosting;

/// <summary>The spec of a probe: every worker of a spec computes its own part of every round, and the model is thrown away.</summary>
public static class ProbeSpec
{
    /// <summary>Makes it: uncoded, so that nobody's computation is cut short and everybody is waited for; shares are not compressed, nothing is saved or
    /// evaluated between rounds.</summary>
    /// <param name="resolved">The spec to probe for.</param>
    /// <param name="rounds">Rounds to measure.</param>
    /// <param name="warmUp">Rounds before them.</param>
    /// <exception cref="ConfigurationException">The code does not exist, or there are too few rounds for a law.</exception>
    public static ResolvedSpec Of(ResolvedSpec resolved, long rounds, int warmUp = ProfileFitting.DefaultWarmUp)
    {
        ArgumentNullException.ThrowIfNull(resolved);
        if (rounds < LatencyFitting.LeastSamples)
        {
            throw new ConfigurationException($"{rounds} rounds are too few for a law; probe at least {LatencyFitting.LeastSamples}");
        }

        var spec = resolved.Spec;
        var probe = spec with
        {
            Code = new CodeSpec("uncoded", Codes.Create(spec.Code, resolved.Catalog, resolved.Folder).Table.Workers),
            Strategy = new StrategySpec(),
            Mixer = null,
            Compress = "none",
            Rounds = rounds + warmUp,
            HashEvery = rounds + warmUp,
            EvaluateEvery = 0,
            CheckpointEvery = 0,
            Validation = null,
            Stop = null,
        };

        // Made anew: the text of a resolved spec is written when it is made.
        return new ResolvedSpec(probe, resolved.Folder) { Catalog = resolved.Catalog };
    }
}

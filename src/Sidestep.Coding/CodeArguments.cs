namespace Sidestep.Coding;

/// <summary>Checks of parameters that many codes share.</summary>
internal static class CodeArguments
{
    /// <summary>Workers must be at least 1.</summary>
    public static void Workers(string code, int workers)
    {
        if (workers < 1)
        {
            throw new ConfigurationException($"{code} needs at least 1 worker, not {workers}; set workers to 1 or more");
        }
    }

    /// <summary>Blocks must be in range.</summary>
    public static void Blocks(string code, int blocks, int least)
    {
        if (blocks < least || blocks > LineSet.MostBlocks)
        {
            throw new ConfigurationException($"{code} needs {least} to {LineSet.MostBlocks} blocks, not {blocks}; nearest is {Math.Clamp(blocks, least, LineSet.MostBlocks)}");
        }
    }

    /// <summary>Workers of one data group; all groups must have as many.</summary>
    public static int PerGroup(string code, int workers, LineOptions? options)
    {
        var groups = Math.Max(1, options?.Groups ?? 1);
        return workers % groups == 0
            ? workers / groups
            : throw new ConfigurationException(
                $"{code}: {workers} workers are not {groups} equal data groups; nearest is {Math.Max(1, (int)Math.Round((double)workers / groups)) * groups} workers");
    }

    /// <summary>Stragglers must be 0 to workers − 1.</summary>
    public static void Stragglers(string code, int workers, int stragglers)
    {
        Workers(code, workers);
        if (stragglers < 0 || stragglers >= workers)
        {
            var nearest = Math.Clamp(stragglers, 0, workers - 1);
            throw new ConfigurationException(
                $"{code} with {workers} workers tolerates 0 to {workers - 1} stragglers, not {stragglers}; nearest is {nearest}");
        }
    }

    /// <summary>Load must be 1 to workers, reduction 1 to load.</summary>
    public static void Load(string code, int workers, int load, int reduction)
    {
        Workers(code, workers);
        if (load < 1 || load > workers)
        {
            throw new ConfigurationException($"{code} with {workers} workers takes a load of 1 to {workers} partitions, not {load}; nearest is {Math.Clamp(load, 1, workers)}");
        }

        if (reduction < 1 || reduction > load)
        {
            throw new ConfigurationException(
                $"{code} with load {load} takes a reduction of 1 to {load}, not {reduction} (load = stragglers + reduction); nearest is {Math.Clamp(reduction, 1, load)}");
        }
    }
}

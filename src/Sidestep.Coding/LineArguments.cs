namespace Sidestep.Coding;

/// <summary>Numbers of blocks and workers of derivative codes, from catalog parameters.</summary>
internal static class LineArguments
{
    /// <summary>K of a family with so many lines per data group for every K, from blocks, workers, or both.</summary>
    public static int Blocks(CodeParameters parameters, string code, int least, Func<long, long> lines)
    {
        var groups = Math.Max(1, parameters.Groups);
        var blocks = parameters.Blocks;
        if (blocks == 0)
        {
            // The largest K with as many workers or fewer.
            blocks = least;
            while (blocks < LineSet.MostBlocks && groups * lines(blocks + 1) <= parameters.Workers)
            {
                blocks++;
            }
        }

        CodeArguments.Blocks(code, blocks, least);
        var workers = groups * lines(blocks);
        if (parameters.Workers != 0 && parameters.Workers != workers)
        {
            var of = groups == 1 ? string.Empty : $" in {groups} data groups";
            throw new ConfigurationException(
                $"{code} with {blocks} blocks{of} has {workers} workers, not {parameters.Workers}; "
                + $"nearest: {workers} workers ({blocks} blocks) or {groups * lines(blocks + 1)} workers ({blocks + 1} blocks)");
        }

        return blocks;
    }

    /// <summary>K where it cannot follow from the workers.</summary>
    public static int Given(CodeParameters parameters, string code) => parameters.Blocks != 0
        ? parameters.Blocks
        : throw new ConfigurationException($"{code} needs the number of blocks beside the workers; set blocks, such as 4");

    /// <summary>Axes: a block per worker, or as many copies as workers are a multiple of blocks.</summary>
    public static ICode<float> Axes(CodeParameters parameters)
    {
        var workers = parameters.Workers != 0 || parameters.Blocks == 0 ? parameters.Workers : parameters.Blocks * Math.Max(1, parameters.Groups);
        CodeArguments.Workers(AxesCode.Name, workers);
        var lines = CodeArguments.PerGroup(AxesCode.Name, workers, parameters.Lines);
        var blocks = parameters.Blocks != 0 ? parameters.Blocks : lines;
        CodeArguments.Blocks(AxesCode.Name, blocks, 1);
        return lines % blocks == 0
            ? AxesCode.Create(blocks, lines / blocks, parameters.Lines)
            : throw new ConfigurationException(
                $"{AxesCode.Name}: {lines} workers per data group are not a multiple of {blocks} blocks; nearest is {Math.Max(1, (int)Math.Round((double)lines / blocks)) * blocks}");
    }

    /// <summary>The user's directions; numbers of workers and blocks, where given, must be those of the matrix.</summary>
    public static ICode<float> Directions(CodeParameters parameters)
    {
        var rows = parameters.Directions ?? throw new ConfigurationException(
            $"{DirectionsCode.Name} needs a matrix of workers × blocks; set file to a CSV or JSON file with a row of numbers per worker");
        var lines = LineSet.Of(rows);
        var workers = Math.Max(1, parameters.Groups) * lines.Count;
        if (parameters.Workers != 0 && parameters.Workers != workers)
        {
            throw new ConfigurationException(
                $"{DirectionsCode.Name}: the matrix has {lines.Count} rows for {Math.Max(1, parameters.Groups)} data groups, {workers} workers, not {parameters.Workers}; nearest is {workers}");
        }

        if (parameters.Blocks != 0 && parameters.Blocks != lines.Blocks)
        {
            throw new ConfigurationException($"{DirectionsCode.Name}: the matrix has {lines.Blocks} columns, not {parameters.Blocks} blocks; nearest is {lines.Blocks}");
        }

        return LineCode.Create(DirectionsCode.Name, lines, parameters.Lines);
    }
}

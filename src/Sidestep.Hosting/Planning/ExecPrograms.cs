using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Programs that compute gradients, from specs.</summary>
internal static class ExecPrograms
{
    private const int ProbeRows = 32;

    /// <summary>Starts a program; it is asked for its model's tensors.</summary>
    public static ExecProgram Start(ExecSpec spec, string folder, Dataset data)
    {
        TimeSpan timeout;
        try
        {
            timeout = DurationSyntax.Parse(spec.Timeout);
        }
        catch (ConfigurationException error)
        {
            throw new ConfigurationException($"objective.timeout: {error.Message}");
        }

        return timeout > TimeSpan.Zero
            ? ExecProgram.Start(new ExecCommand(spec.Command, folder) { Timeout = timeout }, data.Features, data.Classes)
            : throw new ConfigurationException($"objective.timeout is {spec.Timeout}; a program needs some time to answer, such as 60s");
    }

    /// <summary>Whether equal questions get equal answers: the author's word, or what asking shows.</summary>
    public static bool Repeats(ExecSpec spec, ExecProgram program, Dataset data, ulong seed, CancellationToken stop)
    {
        if (spec.Deterministic != "auto")
        {
            return spec.Deterministic == "yes";
        }

        var rows = new long[Math.Min(ProbeRows, data.Count)];
        for (var i = 0; i < rows.Length; i++)
        {
            // Spread over the data: files are often sorted by class.
            rows[i] = i * (data.Count / rows.Length);
        }

        // Reads of a data set complete at once.
        var batch = data.Rows(1).ReadAsync(0, rows, stop).AsTask().GetAwaiter().GetResult();
        return program.Repeats(batch with { Numbers = rows }, seed, stop);
    }
}

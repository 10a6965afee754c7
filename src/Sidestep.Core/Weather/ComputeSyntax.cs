namespace Sidestep;

/// <summary>How computing time is had, in specs and flags: <c>measured</c> or <c>emulated(20ms)</c>.</summary>
public static class ComputeSyntax
{
    private const string Measured = "measured";
    private const string Emulated = "emulated(";

    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">It has another form.</exception>
    public static ComputeModel Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed == Measured)
        {
            return ComputeModel.Measured;
        }

        return trimmed.StartsWith(Emulated, StringComparison.Ordinal) && trimmed[^1] == ')'
            ? new ComputeModel(DurationSyntax.Parse(trimmed[Emulated.Length..^1]))
            : throw new ConfigurationException($"'{trimmed}' does not say how computing time is had; write 'measured' or 'emulated(20ms)'");
    }

    /// <summary>Writes it; <see cref="Parse"/> reads it back.</summary>
    /// <param name="model">The model.</param>
    public static string Format(ComputeModel model) =>
        model.PerPartition is { } time ? $"{Emulated}{DurationSyntax.Format(time)})" : Measured;
}

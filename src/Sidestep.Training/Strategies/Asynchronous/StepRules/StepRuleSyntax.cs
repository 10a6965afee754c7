using System.Globalization;

namespace Sidestep.Training;

/// <summary>Step rules in specs: <c>constant</c> · <c>staleness-aware</c> · <c>adadelay(0.5)</c> · <c>delay-cap(2.5)</c> · <c>drop</c>.</summary>
public static class StepRuleSyntax
{
    private static readonly string[] Names = [ConstantStep.Name, StalenessAwareStep.Name, AdaDelayStep.Name, DelayCapStep.Name, DropStep.Name];

    /// <summary>Reads a rule; its <see cref="StepRule.Text"/> is read back as the same.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ConfigurationException">There is no such rule, or its number is missing or not positive; names the nearest.</exception>
    public static StepRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var trimmed = text.Trim();
        var open = trimmed.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? trimmed : trimmed[..open].Trim();
        var inside = open < 0 ? null
            : trimmed[^1] == ')' ? trimmed[(open + 1)..^1].Trim()
            : throw new ConfigurationException($"step rule '{trimmed}' does not end with ')'");
        return name switch
        {
            ConstantStep.Name => Plain(new ConstantStep(), inside),
            StalenessAwareStep.Name => Plain(new StalenessAwareStep(), inside),
            DropStep.Name => Plain(new DropStep(), inside),
            AdaDelayStep.Name => new AdaDelayStep(Number(name, inside, "c, the step at the first update", "adadelay(0.5)")),
            DelayCapStep.Name => new DelayCapStep(Number(name, inside, "L, the largest curvature of the mean loss", "delay-cap(2.5)")),
            _ => throw new ConfigurationException($"there is no step rule '{name}'; {Nearest.Clause(name, Names)}"),
        };
    }

    private static StepRule Plain(StepRule rule, string? inside) => inside is null ? rule
        : throw new ConfigurationException($"step rule {rule.Text} takes no number, but '{inside}' is given: write '{rule.Text}'");

    private static double Number(string name, string? inside, string what, string example)
    {
        if (string.IsNullOrEmpty(inside))
        {
            throw new ConfigurationException($"step rule {name} needs {what}: write for example '{example}'");
        }

        return double.TryParse(inside, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > 0 && double.IsFinite(number)
            ? number
            : throw new ConfigurationException($"step rule {name} is given '{inside}': {what} must be a positive number, such as in '{example}'");
    }
}

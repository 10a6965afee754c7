using System.Globalization;

namespace Sidestep.Training;

/// <summary>Checks that all optimizers share.</summary>
internal static class OptimizerChecks
{
    internal static void Lengths(int length, ReadOnlySpan<float> parameters, ReadOnlySpan<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, length, nameof(parameters));
        ArgumentOutOfRangeException.ThrowIfNotEqual(gradient.Length, length, nameof(gradient));
    }

    internal static void Factor(string optimizer, string name, double value)
    {
        if (!(value is >= 0 and < 1))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{optimizer}: {name} is {value}; at least 0 and below 1, usually 0.9 or more"));
        }
    }
}

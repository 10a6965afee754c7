using System.Globalization;

namespace Sidestep.Training;

/// <summary>Checks that every compressor's ends share.</summary>
internal static class VectorChecks
{
    /// <summary>Refuses a vector of another length than the stream's.</summary>
    public static void Length(int expected, int actual)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"the vector has {actual} elements, the stream was opened for {expected}");
        }
    }

    /// <summary>Refuses a stream of vectors without elements.</summary>
    public static void Opened(string compressor, int length)
    {
        if (length < 1)
        {
            throw new ConfigurationException($"{compressor} was opened for vectors of {length} elements; at least 1 is needed");
        }
    }

    /// <summary>The error for a NaN or an infinity.</summary>
    public static NonFiniteException NonFinite(string what, int index, float value) => new(
        string.Create(CultureInfo.InvariantCulture, $"element {index} of {what} is {value}; nothing was sent and no memory was changed"));
}

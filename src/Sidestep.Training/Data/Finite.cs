using System.Globalization;

namespace Sidestep.Training;

/// <summary>Refuses NaN and infinity in data, naming row and column.</summary>
internal static class Finite
{
    internal static void Check(string file, long row, ReadOnlySpan<float> values, float label)
    {
        for (var column = 0; column < values.Length; column++)
        {
            if (!float.IsFinite(values[column]))
            {
                throw Bad(file, row, string.Create(CultureInfo.InvariantCulture, $"column {column + 1}"), values[column]);
            }
        }

        if (!float.IsFinite(label))
        {
            throw Bad(file, row, "label", label);
        }
    }

    internal static DataException Bad(string file, long row, string place, float value) => new(string.Create(
        CultureInfo.InvariantCulture, $"{file}, row {row}, {place}: {value} is not finite; drop the row or the column, or fill it in before"));
}

using System.Globalization;

namespace Sidestep.Training;

/// <summary>Applies a <see cref="LabelMap"/> to the labels of a whole file.</summary>
public static class LabelMapping
{
    /// <summary>Rewrites the labels in place. Cost: two passes.</summary>
    /// <param name="map">The map.</param>
    /// <param name="classes">Number of classes; 0 for regression.</param>
    /// <param name="labels">One per row, in file order.</param>
    /// <param name="file">The file, for messages.</param>
    /// <exception cref="ConfigurationException">The map does not fit the number of classes.</exception>
    /// <exception cref="DataException">A label is none the map allows; names the first such row.</exception>
    public static void Apply(LabelMap map, int classes, Span<float> labels, string file)
    {
        switch (Resolve(map, classes, file))
        {
            case LabelMap.Signs:
                ToSigns(labels, file);
                break;
            case LabelMap.Kept when classes == 2 && labels.Contains(-1f):
                ToSigns(labels, file);
                break;
            case LabelMap.Kept or LabelMap.ClassesFromZero:
                Shift(labels, 0, classes, file);
                break;
            case LabelMap.ClassesFromOne:
                Shift(labels, 1, classes, file);
                break;
            case LabelMap.Classes:
                ToClasses(labels, classes, file);
                break;
        }
    }

    private static LabelMap Resolve(LabelMap map, int classes, string file)
    {
        var resolved = map != LabelMap.Auto ? map
            : classes == 0 ? LabelMap.AsIs
            : classes == 2 ? LabelMap.Signs : LabelMap.Classes;
        var fits = resolved switch
        {
            LabelMap.AsIs => classes == 0,
            LabelMap.Signs => classes == 2,
            _ => classes >= 2,
        };
        return fits ? resolved : throw new ConfigurationException(string.Create(
            CultureInfo.InvariantCulture,
            $"{file}: label map {resolved} does not go with {classes} classes; AsIs needs 0, Signs needs 2, the others 2 or more"));
    }

    private static void ToSigns(Span<float> labels, string file)
    {
        // A lone 1 says nothing about the lower label, so look for the label that tells the pair.
        var low = -1f;
        foreach (var label in labels)
        {
            if (label is 0 or 2 or -1)
            {
                low = label == 2 ? 1 : label;
                break;
            }
        }

        var high = low < 0 ? 1 : low + 1;
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = labels[i] == low ? -1
                : labels[i] == high ? 1
                : throw Bad(file, i, labels[i], $"two classes here are {low} and {high}; the pairs known are -1/1, 0/1 and 1/2");
        }
    }

    private static void ToClasses(Span<float> labels, int classes, string file)
    {
        if (classes == 2 && labels.Contains(-1f))
        {
            ToSigns(labels, file);
            foreach (ref var label in labels)
            {
                label = label > 0 ? 1 : 0;
            }

            return;
        }

        var fromZero = labels.Contains(0f);
        var fromOne = labels.IndexOf((float)classes);
        if (!fromZero && fromOne < 0)
        {
            // All labels inside 1..C−1 fit both ways: guessing would silently mislabel one of a train/test pair.
            Shift(labels, 0, classes, file);
            throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{file}: no row has label 0 or {classes}, so classes may count from 0 or from 1; say ClassesFromZero or ClassesFromOne"));
        }

        Shift(labels, fromZero ? 0 : 1, classes, file);
    }

    private static void Shift(Span<float> labels, int lowest, int classes, string file)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            var label = labels[i] - lowest;
            if (!(label >= 0 && label < classes && label == MathF.Floor(label)))
            {
                throw Bad(file, i, labels[i], string.Create(
                    CultureInfo.InvariantCulture, $"{classes} classes here are {lowest}..{lowest + classes - 1}"));
            }

            labels[i] = label;
        }
    }

    private static DataException Bad(string file, int row, float label, string allowed) => new(string.Create(
        CultureInfo.InvariantCulture, $"{file}, row {row + 1}: label {label} is out of range; {allowed}"));
}

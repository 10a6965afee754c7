using System.Globalization;

namespace Sidestep.Training;

/// <summary>What all objectives check of a batch before they compute.</summary>
internal static class BatchCheck
{
    // Samples between looks at the cancellation; bounds scratch memory as well.
    public const int Chunk = 256;

    public static void Features(in Batch batch, int features)
    {
        if (batch.Features != features)
        {
            throw new DataException(Invariant($"the data have {batch.Features} features per sample, the model takes {features}"));
        }
    }

    public static void Lengths(ModelShape shape, ReadOnlySpan<float> model, ReadOnlySpan<float> sum)
    {
        if (model.Length != shape.Length || sum.Length != shape.Length)
        {
            throw new ArgumentException($"the model has {shape.Length} parameters; given were {model.Length} parameters and a sum of {sum.Length}");
        }
    }

    public static int Class(float label, int classes, int sample)
    {
        var index = (int)label;
        return index == label && (uint)index < (uint)classes
            ? index
            : throw new DataException(Invariant($"sample {sample} of a batch has label {label}; the classes are 0..{classes - 1}"));
    }

    public static float Sign(float label, int sample) => label is 1f or -1f
        ? label
        : throw new DataException(Invariant($"sample {sample} of a batch has label {label}; logistic regression takes -1 and 1"));

    public static float Target(float label, int sample) => float.IsFinite(label)
        ? label
        : throw new DataException(Invariant($"sample {sample} of a batch has target {label}; targets must be finite"));

    public static void Column(int column, int features)
    {
        if ((uint)column >= (uint)features)
        {
            throw new DataException(Invariant($"a sparse row names column {column}; the columns are 0..{features - 1}"));
        }
    }

    /// <summary>Some consecutive samples of a batch, over the same memory.</summary>
    public static Batch Slice(in Batch batch, int start, int count) => batch with
    {
        Count = count,
        Labels = batch.Labels.Slice(start, count),
        Values = batch.IsSparse ? batch.Values : batch.Values.Slice(start * batch.Features, count * batch.Features),
        RowStarts = batch.IsSparse ? batch.RowStarts.Slice(start, count + 1) : default,
        Numbers = batch.Numbers.IsEmpty ? default : batch.Numbers.Slice(start, count),
    };

    public static double Penalty(double value) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ConfigurationException(Invariant($"l2 is {value}; it must be finite and at least 0"));

    public static int AtLeast(int value, int least, string name) => value >= least
        ? value
        : throw new ConfigurationException(Invariant($"{name} is {value}; it must be at least {least}"));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

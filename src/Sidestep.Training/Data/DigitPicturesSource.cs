using System.Globalization;

namespace Sidestep.Training;

/// <summary>Generated pictures of the digits 0 to 9: strokes under random distortion, with distractor strokes and noise. Needs no files.</summary>
/// <param name="Count">Number of pictures; every picture's digit is drawn uniformly.</param>
/// <param name="Side">Width and height in pixels, 8 to 256.</param>
/// <param name="Seed">Every picture is a pure function of the seed, <paramref name="Test"/> and its number.</param>
/// <param name="Test">Whether to draw from the test stream, which shares no picture with the training stream.</param>
/// <remarks>Made so that a linear classifier stays clearly below a small network.
/// <code>var train = new DigitPicturesSource(Count: 20_000, Seed: 1);
/// var test = train with { Count = 2_000, Test = true };</code></remarks>
public sealed record DigitPicturesSource(int Count, int Side = 28, ulong Seed = 1, bool Test = false) : DataSource
{
    /// <inheritdoc/>
    public override string Name() => string.Create(CultureInfo.InvariantCulture, $"digits-{Side}{(Test ? "-test" : "")}");

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"digits|{Count}|{Side}|{Seed}|{Test}");

    /// <inheritdoc/>
    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        if (Count < 1 || Side is < 8 or > 256)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{Name()}: Count {Count} and Side {Side}; at least 1 picture, 8 to 256 pixels a side"));
        }

        var pen = new DigitPen(Side);
        writer.Begin(Name(), Side * Side, 10, RowFormat.Bytes, LabelMap.ClassesFromZero);
        for (var i = 0; i < Count; i++)
        {
            stop.ThrowIfCancellationRequested();
            var rng = new Rng(Seed, Purpose.Data, slot: 2, round: Test ? 1 : 0, index: i);
            var digit = rng.Next(10);
            writer.Add(pen.Draw(digit, ref rng), digit);
        }
    }
}

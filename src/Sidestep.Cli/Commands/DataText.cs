using System.Globalization;
using System.Text;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>Imported data sets for people.</summary>
internal static class DataText
{
    private const string Ramp = " .:-=+*#%@";
    private const int WidestPicture = 40;
    private const int MostValues = 10;

    /// <summary>One line: rows, features, kind, classes.</summary>
    public static string Shape(ShardManifest manifest)
    {
        var picture = manifest.Picture is { } p
            ? string.Create(CultureInfo.InvariantCulture, $" ({p.Height}x{p.Width} {(p.Channels == 1 ? "grey" : "colour")})")
            : "";
        var classes = manifest.Classes == 0 ? "values as labels"
            : manifest.LabelsFrom is { } from and not 0
            ? string.Create(CultureInfo.InvariantCulture, $"{manifest.Classes} classes (labels from {from})")
            : string.Create(CultureInfo.InvariantCulture, $"{manifest.Classes} classes");
        return string.Create(
            CultureInfo.InvariantCulture, $"{manifest.Rows} rows of {manifest.Features} features{picture}, {manifest.Layout} {manifest.Element}, {classes}");
    }

    /// <summary>A row: a picture where rows are pictures, else its first values.</summary>
    public static void Row(TextWriter output, ShardManifest manifest, DataRowView row)
    {
        var name = manifest.ClassNames is { } names && manifest.Classes > 0 ? $" ({names[(int)row.Label]})" : "";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"row {row.Row}: label {row.Label}{name}"));
        if (manifest.Picture is { } shape)
        {
            Draw(output, shape, row.Values);
            return;
        }

        var shown = row.Columns is { } columns
            ? columns.Zip(row.Values, (c, v) => string.Create(CultureInfo.InvariantCulture, $"{c}:{v}"))
            : row.Values.Select(v => v.ToString(CultureInfo.InvariantCulture));
        output.WriteLine($"  {string.Join(' ', shown.Take(MostValues))}{(row.Values.Length > MostValues ? " …" : "")}");
    }

    // Two characters a pixel, since characters are about twice as high as wide.
    private static void Draw(TextWriter output, PictureShape shape, float[] values)
    {
        var step = Math.Max(1, (Math.Max(shape.Width, shape.Height) + WidestPicture - 1) / WidestPicture);
        var size = shape.Height * shape.Width;
        for (var y = 0; y < shape.Height; y += step)
        {
            var line = new StringBuilder("  ");
            for (var x = 0; x < shape.Width; x += step)
            {
                float light = 0;
                for (var channel = 0; channel < shape.Channels; channel++)
                {
                    light += values[(channel * size) + (y * shape.Width) + x] / shape.Channels;
                }

                line.Append(Ramp[(int)Math.Clamp(light * Ramp.Length, 0, Ramp.Length - 1)], 2);
            }

            output.WriteLine(line.ToString().TrimEnd());
        }
    }
}

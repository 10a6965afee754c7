using System.Globalization;
using System.Net;
using System.Text;

namespace Sidestep.Cli.Report;

/// <summary>Writes SVG. Colours come from the page's style by class, so that light and dark need one drawing.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    /// <summary>Opens a picture.</summary>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="label">What it shows, for those who do not see it.</param>
    /// <param name="classes">Classes of the element.</param>
    /// <param name="attributes">Further attributes, with a space before each.</param>
    public Svg(double width, double height, string label, string classes, string attributes = "") =>
        Raw($"<svg class=\"{classes}\" viewBox=\"0 0 {N(width)} {N(height)}\" width=\"{N(width)}\" height=\"{N(height)}\" role=\"img\" aria-label=\"{Escape(label)}\"{attributes}>");

    /// <summary>A number with at most one decimal.</summary>
    public static string N(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Text for between tags and in attributes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public Svg Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    public Svg Line(string classes, double x1, double y1, double x2, double y2) =>
        Raw($"<path class=\"{classes}\" d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\"/>");

    public Svg Text(string classes, double x, double y, string text) =>
        Raw($"<text class=\"{classes}\" x=\"{N(x)}\" y=\"{N(y)}\">{Escape(text)}</text>");

    public Svg Rect(string classes, double x, double y, double width, double height, string title) =>
        Raw($"<rect class=\"{classes}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(0.5, width))}\" height=\"{N(height)}\"><title>{Escape(title)}</title></rect>");

    /// <summary>Closes the picture.</summary>
    public string End() => _text.Append("</svg>").ToString();
}

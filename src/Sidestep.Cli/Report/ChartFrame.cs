namespace Sidestep.Cli.Report;

/// <summary>Size of a picture.</summary>
/// <param name="Class">Class of the element: the page shows one size.</param>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Points">About how many points a line may have.</param>
internal sealed record ChartSize(string Class, double Width, double Height, int Points)
{
    /// <summary>For screens.</summary>
    public static ChartSize Wide { get; } = new("wide", 1040, 340, 700);

    /// <summary>For telephones.</summary>
    public static ChartSize Narrow { get; } = new("narrow", 360, 270, 260);
}

/// <summary>The axes of a chart: ticks, grid, names with units.</summary>
internal sealed class ChartFrame
{
    private const double Left = 62, Right = 14, Top = 12, Bottom = 46;

    private readonly ChartSize _size;
    private readonly Unit _xUnit, _yUnit;
    private readonly string _xName, _yName;

    /// <summary>Lays axes out for a range of values, given in base units.</summary>
    public ChartFrame(
        ChartSize size, (string Name, Quantity Quantity, double Least, double Most, bool MayBeLog) x, (string Name, Quantity Quantity, double Least, double Most, bool MayBeLog) y)
    {
        _size = size;
        (_xName, _yName) = (x.Name, y.Name);
        (_xUnit, _yUnit) = (Unit.For(x.Quantity, x.Most), Unit.For(y.Quantity, y.Most));
        X = Scale.For(x.Least / _xUnit.Size, x.Most / _xUnit.Size, x.MayBeLog, Left, size.Width - Right, XTicks);
        Y = Scale.For(y.Least / _yUnit.Size, y.Most / _yUnit.Size, y.MayBeLog, size.Height - Bottom, Top, YTicks);
    }

    /// <summary>The horizontal scale, in its unit.</summary>
    public Scale X { get; }

    /// <summary>The vertical scale, in its unit.</summary>
    public Scale Y { get; }

    private int XTicks => _size.Width > 500 ? 8 : 4;

    private int YTicks => _size.Height > 300 ? 6 : 5;

    /// <summary>Pixels of a point given in base units.</summary>
    public (double X, double Y) At(double x, double y) => (X.At(x / _xUnit.Size), Y.At(y / _yUnit.Size));

    /// <summary>Opens the picture and draws the axes.</summary>
    /// <param name="label">What the chart shows.</param>
    public Svg Begin(string label)
    {
        var svg = new Svg(_size.Width, _size.Height, label, $"chart {_size.Class}", $" tabindex=\"0\" data-x=\"{Data(X, _xUnit)}\" data-y=\"{Data(Y, _yUnit)}\" data-box=\"{Svg.N(Left)},{Svg.N(_size.Width - Right)},{Svg.N(_size.Height - Bottom)},{Svg.N(Top)}\"");
        foreach (var tick in Y.Ticks(YTicks))
        {
            svg.Line("grid", Left, Y.At(tick), _size.Width - Right, Y.At(tick)).Text("tick end", Left - 6, Y.At(tick) + 4, Unit.Digits(tick));
        }

        foreach (var tick in X.Ticks(XTicks))
        {
            svg.Line("axis", X.At(tick), _size.Height - Bottom, X.At(tick), _size.Height - Bottom + 4)
                .Text("tick middle", X.At(tick), _size.Height - Bottom + 17, Unit.Digits(tick));
        }

        svg.Line("axis", Left, _size.Height - Bottom, _size.Width - Right, _size.Height - Bottom);
        svg.Text("name middle", (Left + _size.Width - Right) / 2, _size.Height - 8, Named(_xName, _xUnit, X));
        svg.Raw($"<text class=\"name middle\" transform=\"translate(13 {Svg.N((_size.Height - Bottom + Top) / 2)}) rotate(-90)\">{Svg.Escape(Named(_yName, _yUnit, Y))}</text>");
        return svg;
    }

    private static string Named(string name, Unit unit, Scale scale) =>
        name + (unit.Name.Length > 0 ? $" ({unit.Name}{(scale.IsLog ? ", log" : string.Empty)})" : scale.IsLog ? " (log)" : string.Empty);

    private static string Data(Scale scale, Unit unit) => FormattableString.Invariant($"{(scale.IsLog ? "log" : "lin")},{scale.Least:R},{scale.Most:R},{unit.Name}");
}

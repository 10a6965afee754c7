namespace Sidestep.Training;

/// <summary>A square window that is moved over a map.</summary>
/// <param name="Size">Height and width.</param>
/// <param name="Stride">Positions from one place to the next.</param>
/// <param name="Padding">Zeros around the map, on each side.</param>
internal readonly record struct Window(int Size, int Stride, int Padding)
{
    /// <summary>Places of the window on a map, with a number of channels.</summary>
    /// <exception cref="ConfigurationException">A number is not valid, or the window is larger than the map.</exception>
    public MapShape Output(MapShape input, int channels, string name)
    {
        BatchCheck.AtLeast(Size, 1, name);
        BatchCheck.AtLeast(Stride, 1, "stride");
        BatchCheck.AtLeast(Padding, 0, "padding");
        BatchCheck.AtLeast(channels, 1, "channels");
        if (Padding >= Size)
        {
            throw new ConfigurationException($"padding is {Padding}; it must be below the {name}, {Size}");
        }

        if (Math.Min(input.Height, input.Width) + (2L * Padding) < Size)
        {
            var padded = Padding > 0 ? $" with a padding of {Padding}" : string.Empty;
            var flat = input.Positions == 1 ? "; is objective.input given (height, width, channels), and does flatten come after this layer?" : string.Empty;
            throw new ConfigurationException($"a {name} of {Size} × {Size} does not fit on {input}{padded}{flat}");
        }

        return new MapShape(Places(input.Height), Places(input.Width), channels);
    }

    private int Places(int length) => (int)(((length + (2L * Padding) - Size) / Stride) + 1);
}

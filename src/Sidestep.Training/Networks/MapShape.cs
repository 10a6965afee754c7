using System.Globalization;

namespace Sidestep.Training;

/// <summary>What lies between two layers, for one sample: height × width positions of some channels each, channels innermost.</summary>
/// <remarks>A picture is height × width × channels, a sequence is length × 1 × channels, a plain vector 1 × 1 × channels. A layer over samples sees a matrix of
/// samples·positions rows and as many columns as channels: dense layers and convolutions are one matrix product each.</remarks>
/// <param name="Height">Rows of positions; at least 1.</param>
/// <param name="Width">Columns of positions; at least 1.</param>
/// <param name="Channels">Values at each position; at least 1.</param>
public readonly record struct MapShape(int Height, int Width, int Channels)
{
    /// <summary>Number of positions.</summary>
    public int Positions => Height * Width;

    /// <summary>Values of one sample.</summary>
    public int Length => Height * Width * Channels;

    /// <summary>A plain vector.</summary>
    /// <param name="length">Its length.</param>
    public static MapShape Vector(int length) => new(1, 1, length);

    /// <summary>A sequence.</summary>
    /// <param name="positions">Its length.</param>
    /// <param name="channels">Values at each position.</param>
    public static MapShape Sequence(int positions, int channels) => new(positions, 1, channels);

    /// <summary>For messages: <c>28 × 28 × 1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height} × {Width} × {Channels}");
}

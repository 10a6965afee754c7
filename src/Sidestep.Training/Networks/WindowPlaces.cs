namespace Sidestep.Training;

/// <summary>Where the values under a window lie, for windows that never reach over the map's edge.</summary>
internal sealed class WindowPlaces
{
    private readonly MapShape _input;
    private readonly MapShape _output;
    private readonly Window _window;
    private readonly int[] _offsets;

    public WindowPlaces(MapShape input, Window window)
    {
        (_input, _window) = (input, window);
        _output = window.Output(input, input.Channels, "size");
        _offsets = new int[window.Size * window.Size];
        for (var k = 0; k < _offsets.Length; k++)
        {
            _offsets[k] = (((k / window.Size) * input.Width) + (k % window.Size)) * input.Channels;
        }

        var covered = ((_output.Height - 1) * window.Stride) + window.Size;
        IsExact = window.Stride == window.Size && covered == input.Height && ((_output.Width - 1) * window.Stride) + window.Size == input.Width;
    }

    /// <summary>Distances of the window's positions from its first, in floats; row by row.</summary>
    public ReadOnlySpan<int> Offsets => _offsets;

    /// <summary>Places of the window on one map.</summary>
    public int Count => _output.Positions;

    /// <summary>Values at a position.</summary>
    public int Channels => _input.Channels;

    /// <summary>Values of one map.</summary>
    public int Length => _input.Length;

    /// <summary>Whether every value of the map is under one window, and one only.</summary>
    public bool IsExact { get; }

    /// <summary>Where the first position under the window lies.</summary>
    public int Start(int place)
    {
        var (y, x) = Math.DivRem(place, _output.Width);
        return ((y * _window.Stride * _input.Width) + (x * _window.Stride)) * _input.Channels;
    }
}

using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>The values under a kernel at each of its places on a map, as rows (im2col), and back.</summary>
/// <remarks>Channels lie innermost, so that a kernel's row is one run of memory in the map and in the patch.</remarks>
internal sealed class Patches(MapShape input, Window window)
{
    // Shorter runs are copied value by value: a call costs more.
    private const int ShortRun = 16;

    private readonly MapShape _output = window.Output(input, 1, "kernel");

    /// <summary>Places on a map.</summary>
    public int Places => _output.Positions;

    /// <summary>Values under the kernel.</summary>
    public int Width => window.Size * window.Size * input.Channels;

    /// <summary>Values of a map.</summary>
    public int MapLength => input.Length;

    /// <summary>Whether the patches are the map itself: a kernel of 1.</summary>
    public bool IsMap => window is { Size: 1, Stride: 1 };

    /// <summary>Lays out the patches of one map; zeros beyond its edges.</summary>
    /// <param name="map">The map.</param>
    /// <param name="patches">places × width; overwritten.</param>
    public void Gather(ReadOnlySpan<float> map, Span<float> patches)
    {
        var run = window.Size * input.Channels;
        for (int y = 0, at = 0; y < _output.Height; y++)
        {
            for (var x = 0; x < _output.Width; x++)
            {
                var (skip, length, column) = Columns(x);
                for (var k = 0; k < window.Size; k++, at += run)
                {
                    var row = (y * window.Stride) - window.Padding + k;
                    var target = patches.Slice(at, run);
                    if ((uint)row >= (uint)input.Height)
                    {
                        target.Clear();
                        continue;
                    }

                    if (length < run)
                    {
                        target.Clear();
                    }

                    Copy(map.Slice(((row * input.Width) + column) * input.Channels, length), target[skip..]);
                }
            }
        }
    }

    /// <summary>Adds the values of patches to the places they came from.</summary>
    /// <param name="patches">places × width.</param>
    /// <param name="map">Added to.</param>
    public void Scatter(ReadOnlySpan<float> patches, Span<float> map)
    {
        var run = window.Size * input.Channels;
        for (int y = 0, at = 0; y < _output.Height; y++)
        {
            for (var x = 0; x < _output.Width; x++)
            {
                var (skip, length, column) = Columns(x);
                for (var k = 0; k < window.Size; k++, at += run)
                {
                    var row = (y * window.Stride) - window.Padding + k;
                    if ((uint)row < (uint)input.Height)
                    {
                        var target = map.Slice(((row * input.Width) + column) * input.Channels, length);
                        TensorPrimitives.Add(target, patches.Slice(at + skip, length), target);
                    }
                }
            }
        }
    }

    // The part of a kernel's row that lies on the map: values to skip, their number, and the map's column they begin at.
    private (int Skip, int Length, int Column) Columns(int place)
    {
        var first = (place * window.Stride) - window.Padding;
        var from = Math.Max(0, first);
        var to = Math.Min(input.Width, first + window.Size);
        return to > from ? ((from - first) * input.Channels, (to - from) * input.Channels, from) : (0, 0, 0);
    }

    private static void Copy(ReadOnlySpan<float> from, Span<float> to)
    {
        if (from.Length >= ShortRun)
        {
            from.CopyTo(to);
            return;
        }

        for (var i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }
}

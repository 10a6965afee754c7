using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The values under a kernel at each of its places on a map, as rows (im2col), and back.</summary>
/// <remarks>Channels lie innermost, so that a kernel's row is one run of memory in the map and in the patch.</remarks>
internal sealed class Patches(MapShape input, Window window)
{
    private readonly MapShape _output = window.Output(input, 1, "kernel");
    private readonly Part[] _columns = Columns(input, window, window.Output(input, 1, "kernel").Width);

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
        ref var from = ref MemoryMarshal.GetReference(map[..input.Length]);
        ref var to = ref MemoryMarshal.GetReference(patches[..(Places * Width)]);
        for (var y = 0; y < _output.Height; y++)
        {
            for (var k = 0; k < window.Size; k++)
            {
                var row = (y * window.Stride) - window.Padding + k;
                var isOnMap = (uint)row < (uint)input.Height;
                var at = (y * _output.Width * Width) + (k * run);
                for (var x = 0; x < _output.Width; x++, at += Width)
                {
                    var part = isOnMap ? _columns[x] : default;
                    if (part.Length < run)
                    {
                        patches.Slice(at, run).Clear();
                    }

                    if (part.Length > 0)
                    {
                        RunKernels.Copy(ref Unsafe.Add(ref from, (row * input.Width * input.Channels) + part.From), ref Unsafe.Add(ref to, at + part.Skip), part.Length);
                    }
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
        ref var from = ref MemoryMarshal.GetReference(patches[..(Places * Width)]);
        ref var to = ref MemoryMarshal.GetReference(map[..input.Length]);
        for (var y = 0; y < _output.Height; y++)
        {
            for (var k = 0; k < window.Size; k++)
            {
                var row = (y * window.Stride) - window.Padding + k;
                var at = (y * _output.Width * Width) + (k * run);
                for (var x = 0; x < _output.Width && (uint)row < (uint)input.Height; x++, at += Width)
                {
                    var part = _columns[x];
                    RunKernels.Add(ref Unsafe.Add(ref from, at + part.Skip), ref Unsafe.Add(ref to, (row * input.Width * input.Channels) + part.From), part.Length);
                }
            }
        }
    }

    private static Part[] Columns(MapShape input, Window window, int places)
    {
        var columns = new Part[places];
        for (var x = 0; x < places; x++)
        {
            var first = (x * window.Stride) - window.Padding;
            var (from, to) = (Math.Max(0, first), Math.Min(input.Width, first + window.Size));
            columns[x] = to > from ? new Part((from - first) * input.Channels, (to - from) * input.Channels, from * input.Channels) : default;
        }

        return columns;
    }

    /// <summary>The part of a kernel's row that lies on the map.</summary>
    /// <param name="Skip">Values beyond the map's left edge.</param>
    /// <param name="Length">Values on the map.</param>
    /// <param name="From">Where they begin in the map's row.</param>
    private readonly record struct Part(int Skip, int Length, int From);
}

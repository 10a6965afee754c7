using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Pooling: each place of the output is made of the window of the input that begins at it, channel by channel. Nothing is kept.</summary>
internal abstract class PoolingPass(MapShape input, Window window) : LayerPass
{
    private readonly WindowPlaces _places = new(input, window);

    public sealed override void Forward(in LayerState state)
    {
        var (channels, count) = (_places.Channels, _places.Count);
        for (var i = 0; i < state.Samples; i++)
        {
            ref var map = ref Unsafe.AsRef(in MemoryMarshal.GetReference(state.Input[(i * _places.Length)..]));
            for (var place = 0; place < count; place++)
            {
                Pool(ref Unsafe.Add(ref map, _places.Start(place)), _places.Offsets, state.Output.Slice(((i * count) + place) * channels, channels));
            }
        }
    }

    public sealed override void Backward(in LayerState state, Span<float> inputDelta)
    {
        if (inputDelta.IsEmpty)
        {
            return;
        }

        var (channels, count) = (_places.Channels, _places.Count);
        inputDelta.Clear();
        for (var i = 0; i < state.Samples; i++)
        {
            ref var map = ref Unsafe.AsRef(in MemoryMarshal.GetReference(state.Input[(i * _places.Length)..]));
            ref var target = ref MemoryMarshal.GetReference(inputDelta[(i * _places.Length)..]);
            for (var place = 0; place < count; place++)
            {
                var start = _places.Start(place);
                var delta = state.Delta.Slice(((i * count) + place) * channels, channels);
                Back(ref Unsafe.Add(ref map, start), _places.Offsets, delta, ref Unsafe.Add(ref target, start));
            }
        }
    }

    /// <summary>Writes a place's output from the window that begins at a value.</summary>
    protected abstract void Pool(ref float window, ReadOnlySpan<int> offsets, Span<float> output);

    /// <summary>Adds a place's δ to the window's values it came from.</summary>
    protected abstract void Back(ref float window, ReadOnlySpan<int> offsets, ReadOnlySpan<float> delta, ref float target);
}

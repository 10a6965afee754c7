using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Max-pooling. Nothing is kept: which value is the largest is seen again from the input.</summary>
internal sealed class MaxPoolingPass(MapShape input, Window window) : LayerPass
{
    private readonly WindowPlaces _places = new(input, window);

    public override void Forward(in LayerState state)
    {
        var (channels, count) = (_places.Channels, _places.Count);
        for (var i = 0; i < state.Samples; i++)
        {
            ref var map = ref Unsafe.AsRef(in MemoryMarshal.GetReference(state.Input[(i * _places.Length)..]));
            for (var place = 0; place < count; place++)
            {
                PoolingKernels.Max(
                    ref Unsafe.Add(ref map, _places.Start(place)), _places.Offsets, state.Output.Slice(((i * count) + place) * channels, channels));
            }
        }
    }

    public override void Backward(in LayerState state, Span<float> inputDelta)
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
                PoolingKernels.MaxBack(ref Unsafe.Add(ref map, start), _places.Offsets, delta, ref Unsafe.Add(ref target, start));
            }
        }
    }
}

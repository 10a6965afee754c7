namespace Sidestep.Training;

/// <summary>Max-pooling: which value is the largest is seen again from the input.</summary>
internal sealed class MaxPoolingPass(MapShape input, Window window) : PoolingPass(input, window)
{
    protected override void Pool(ref float window, ReadOnlySpan<int> offsets, Span<float> output) => PoolingKernels.Max(ref window, offsets, output);

    protected override void Back(ref float window, ReadOnlySpan<int> offsets, ReadOnlySpan<float> delta, ref float target) =>
        PoolingKernels.MaxBack(ref window, offsets, delta, ref target);
}

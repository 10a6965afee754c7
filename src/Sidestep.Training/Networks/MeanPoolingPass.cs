namespace Sidestep.Training;

/// <summary>Mean-pooling.</summary>
internal sealed class MeanPoolingPass(MapShape input, Window window) : PoolingPass(input, window)
{
    protected override void Pool(ref float window, ReadOnlySpan<int> offsets, Span<float> output) => PoolingKernels.Mean(ref window, offsets, output);

    protected override void Back(ref float window, ReadOnlySpan<int> offsets, ReadOnlySpan<float> delta, ref float target) =>
        PoolingKernels.MeanBack(offsets, delta, ref target);
}

using System.Collections.Immutable;

namespace Sidestep.Training;

/// <summary>A 2-D convolution with a square kernel: at each place the scores W·patch + b of the values under the kernel.</summary>
/// <remarks>Tensors: <c>weight</c> (channels × kernel × kernel × channels of the input) and <c>bias</c>. Patches are laid out as rows (im2col), so that
/// each pass is one matrix product over samples·places rows; they take kernel²·channels of the input floats per place.
/// Costs places·kernel²·channels·channels multiply-adds per sample.</remarks>
/// <param name="Channels">Channels of the output; at least 1.</param>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="Stride">Positions from one place to the next.</param>
/// <param name="Padding">Zeros around the map, on each side; below the kernel. (Kernel − 1)/2 keeps height and width.</param>
/// <param name="Start">How the weights are drawn; offsets start at 0.</param>
public sealed record Convolution(int Channels, int Kernel, int Stride = 1, int Padding = 0, WeightStart Start = WeightStart.Auto) : Layer
{
    /// <inheritdoc/>
    public override string Kind => "convolution";

    private Window Window => new(Kernel, Stride, Padding);

    /// <inheritdoc/>
    public override MapShape Output(MapShape input) => Window.Output(input, Channels, "kernel");

    /// <inheritdoc/>
    public override ImmutableArray<LayerTensor> Tensors(MapShape input) =>
    [
        new("weight", [Channels, Kernel, Kernel, input.Channels], WeightStarts.Of(Start, checked(Kernel * Kernel * input.Channels), checked(Kernel * Kernel * Channels)), IsWeight: true),
        new("bias", [Channels], Initializer.Constant(0), IsWeight: false),
    ];

    /// <inheritdoc/>
    public override long Products(MapShape input) => (long)Output(input).Length * Kernel * Kernel * input.Channels;

    /// <inheritdoc/>
    public override Layer Before(ReadOnlySpan<Layer> followers) => this with { Start = WeightStarts.Settle(Start, followers) };

    /// <inheritdoc/>
    public override LayerPass Open(MapShape input, IMatrixProduct product) => new ConvolutionPass(new Patches(input, Window), Channels, product);
}

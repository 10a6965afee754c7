using System.Globalization;
using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Gathers rows of the table, and scatters δ back to them in the order of samples and positions.</summary>
internal sealed class EmbeddingPass(Embedding layer, int positions) : LayerPass
{
    private float[] _oneHot = [];

    public override void Forward(in LayerState state)
    {
        var channels = layer.Channels;
        for (var m = 0; m < state.Samples * positions; m++)
        {
            var token = Token(state.Input[m], m);
            state.Parameters.Slice(token * channels, channels).CopyTo(state.Output[(m * channels)..]);
        }
    }

    // Nothing comes before tokens that could use a derivative: they are whole numbers.
    public override void Backward(in LayerState state, Span<float> inputDelta) => inputDelta.Clear();

    public override void AddGradient(int tensor, in LayerState state, Span<float> sum)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tensor, 0);
        var channels = layer.Channels;
        for (var m = 0; m < state.Samples * positions; m++)
        {
            var target = sum.Slice((int)state.Input[m] * channels, channels);
            TensorPrimitives.Add(target, state.Delta.Slice(m * channels, channels), target);
        }
    }

    public override GradientFactors Factors(int tensor, scoped in LayerState state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(tensor, 0);
        var rows = state.Samples * positions;
        var oneHot = Scratch.Sized(ref _oneHot, rows * layer.Vocabulary);
        oneHot.Clear();
        for (var m = 0; m < rows; m++)
        {
            oneHot[(m * layer.Vocabulary) + (int)state.Input[m]] = 1;
        }

        return new GradientFactors
        {
            Left = oneHot,
            LeftColumns = layer.Vocabulary,
            Right = new LayerInput(state.Delta, rows, layer.Channels),
        };
    }

    private int Token(float value, int at)
    {
        var token = (int)value;
        return token == value && (uint)token < (uint)layer.Vocabulary
            ? token
            : throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"sample {at / positions} of a batch has token {value} at position {at % positions}; the tokens are 0..{layer.Vocabulary - 1}"));
    }
}

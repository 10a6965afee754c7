using System.Collections.Immutable;
using System.Globalization;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Layers over sequences from specs, and the loss of a network over a text.</summary>
internal static class SequenceLayers
{
    /// <summary>Whether rows are windows of a text.</summary>
    public static bool IsText(Dataset data) => data.Format == RowFormat.Windows;

    /// <summary>Of a text the next character at every position, if the layers keep the positions apart; else the row's label.</summary>
    /// <exception cref="ConfigurationException">A layer cannot take what comes before it.</exception>
    public static NetworkLoss Loss(MapShape input, ImmutableArray<Layer> layers, Dataset data) =>
        IsText(data) && PlacedLayer.Place(input, layers)[^1].Output.Positions == data.Features
            ? new NextTokenLoss(data.Classes)
            : new ClassLoss(data.Classes);

    /// <summary>A layer.</summary>
    /// <param name="spec">What it is.</param>
    /// <param name="data">The data, for sizes that are left open.</param>
    /// <param name="path">Where it stands in the spec.</param>
    /// <exception cref="ConfigurationException">A size is left open that the data do not tell.</exception>
    public static Layer Of(LayerSpec spec, Dataset data, string path) => spec switch
    {
        EmbeddingSpec s => new Embedding(Vocabulary(s, data, path), s.Channels),
        PositionsSpec => new Positions(),
        AttentionSpec s => new Attention(s.Heads),
        ResidualSpec s => new Residual([.. s.Layers.Select((inner, i) => Inner(inner, data, string.Create(CultureInfo.InvariantCulture, $"{path}.layers[{i}]")))]),
        _ => throw new NotSupportedException($"a layer of type {spec.GetType().Name}"),
    };

    private static Layer Inner(LayerSpec spec, Dataset data, string path) => spec is DenseSpec { Outputs: null }
        ? throw new ConfigurationException($"{path} (dense) needs the key 'outputs'; only the network's last dense layer's are the data's classes if it is left out")
        : Networks.Layer(spec, data, path);

    private static int Vocabulary(EmbeddingSpec spec, Dataset data, string path)
    {
        if (!IsText(data))
        {
            return spec.Vocabulary ?? throw new ConfigurationException(
                $"{path} (embedding) needs the key 'vocabulary': the data are no text, so the number of tokens is not known");
        }

        return spec.Vocabulary is null || spec.Vocabulary >= data.Classes
            ? spec.Vocabulary ?? data.Classes
            : throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} (embedding) has a vocabulary of {spec.Vocabulary}, but {data.Name} has {data.Classes} different characters; leave the key out, or choose at least {data.Classes}"));
    }
}

using System.Globalization;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>A network's layers and cost as text.</summary>
internal static class NetworkText
{
    /// <summary>The cost in a few words, for titles.</summary>
    public static string Cost(NetworkTable network) => Text(
        $"{network.MultiplyAdds:N0} multiply-adds per sample forward, {network.RoundMultiplyAdds:N0} per round of {network.Samples} forward and backward");

    /// <summary>A line for each layer.</summary>
    public static void Print(TextWriter output, NetworkTable network)
    {
        var kinds = network.Layers.Max(l => l.Kind.Length);
        var shapes = network.Layers.Max(l => l.Output.Length);
        output.WriteLine($"layer  {"kind".PadRight(kinds)}  {"output".PadRight(shapes)}  parameters  multiply-adds");
        output.WriteLine($"       {"input".PadRight(kinds)}  {network.Input}");
        foreach (var layer in network.Layers)
        {
            output.WriteLine(Text(
                $"{layer.Position,5}  {layer.Kind.PadRight(kinds)}  {layer.Output.PadRight(shapes)}  {layer.Parameters,10:N0}  {layer.MultiplyAdds,13:N0}"));
        }

        output.WriteLine(Cost(network));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

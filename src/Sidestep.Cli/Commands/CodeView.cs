using System.Text.Json.Serialization;
using Sidestep.Coding;

namespace Sidestep.Cli;

/// <summary>A code as <c>code show --json</c> prints it.</summary>
internal sealed record CodeView(
    string Name,
    int Workers,
    int Partitions,
    int Blocks,
    IReadOnlyList<ItemView> Items,
    IReadOnlyList<RowView> Rows,
    GuaranteeView Guarantee,
    double Load,
    double Communication,
    CertificateView Certificate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LinesView? Lines = null)
{
    public static CodeView Of(ICode<float> code)
    {
        var table = code.Table;
        var certificate = Sidestep.Coding.Certificate.Of(code);
        var load = Enumerable.Range(0, table.Workers).Max(w => table.Items.Where(i => i.Worker == w).Sum(i => i.Mix.Length));
        var sent = Enumerable.Range(0, table.Workers).Max(w => table.Rows.Count(r => r.Worker == w && !r.OnRequest));
        return new CodeView(
            code.Name,
            table.Workers,
            table.Partitions,
            table.Blocks,
            [.. table.Items.Select(i => new ItemView(i.Worker, [.. i.Mix.Select(m => (double[])[m.Partition, m.Weight])]))],
            [.. table.Rows.Select(r => new RowView(r.Worker, [.. r.Terms.Select(t => (double[])[t.Item, t.Block, t.Weight])], r.OnRequest))],
            new GuaranteeView(
                code.Guarantee.Stragglers,
                code.Guarantee.Liars,
                code.Guarantee.Exactness != Exactness.Approximate,
                $"E{(int)code.Guarantee.Exactness}",
                code.Guarantee.SteadyWeights),
            load,
            (double)sent / table.Blocks,
            new CertificateView(double.IsFinite(certificate.Amplification) ? certificate.Amplification : null, certificate.Patterns, certificate.Exhaustive),
            code is LineCode lines ? LinesView.Of(lines) : null);
    }
}

internal sealed record ItemView(int Worker, IReadOnlyList<double[]> Mix);

internal sealed record RowView(int Worker, IReadOnlyList<double[]> Terms, bool OnRequest);

internal sealed record GuaranteeView(int Stragglers, int Liars, bool Exact, string Exactness, bool SteadyWeights);

/// <summary>What was certified; no amplification: some tolerated set does not decode.</summary>
internal sealed record CertificateView(double? Amplification, long Patterns, bool Exhaustive);

/// <summary>Decode weights as <c>code decode --json</c> prints them: arrivals × blocks.</summary>
internal sealed record DecodeView(
    IReadOnlyList<double[]> Weights, double Residual, double NoiseGain, double Condition, string Status)
{
    public static DecodeView Of(int[] rows, DecodePlan plan) => new(
        [.. rows.Select((_, i) => Enumerable.Range(0, plan.Weights.GetLength(1)).Select(b => plan.Weights[i, b]).ToArray())],
        plan.Residual,
        plan.NoiseGain,
        plan.Condition,
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(plan.Status.ToString()));
}

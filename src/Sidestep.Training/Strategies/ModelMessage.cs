using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>The payload of a model message: parameters, preceded (when shares are compressed with memory) by the last used round of every row.</summary>
/// <remarks>The used rounds are cumulative, so a worker that skipped models still learns what became of its last share.</remarks>
internal static class ModelMessage
{
    public static bool Remembers(RunPlan plan) => plan.Uplink?.Traits.Remembers ?? false;

    public static int PrefixBytes(RunPlan plan) => Remembers(plan) ? plan.Code.Table.Rows.Length * sizeof(long) : 0;

    public static int Bytes(RunPlan plan) => PrefixBytes(plan) + (plan.Shape.Length * sizeof(float));

    public static PayloadLease Write(INode node, RunPlan plan, ReadOnlySpan<float> model, ReadOnlySpan<long> lastUsed)
    {
        var payload = node.Lease(Bytes(plan));
        var prefix = PrefixBytes(plan);
        if (prefix > 0)
        {
            MemoryMarshal.AsBytes(lastUsed).CopyTo(payload.Span);
        }

        MemoryMarshal.AsBytes(model).CopyTo(payload.Span[prefix..]);
        return payload;
    }

    public static ReadOnlySpan<long> LastUsed(RunPlan plan, PayloadLease payload) =>
        MemoryMarshal.Cast<byte, long>(payload.Span[..PrefixBytes(plan)]);

    public static ReadOnlySpan<float> Parameters(RunPlan plan, PayloadLease payload) =>
        MemoryMarshal.Cast<byte, float>(payload.Span[PrefixBytes(plan)..]);
}

using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A coordinator's plan for one attempt at a round.</summary>
/// <param name="Round">The round.</param>
/// <param name="Attempt">Counts repeats after a member was lost.</param>
/// <param name="WantsModel">The first member sends the result along when it is done.</param>
/// <param name="Members">Slots that take part, ascending.</param>
internal sealed record LocalPlan(long Round, int Attempt, bool WantsModel, int[] Members)
{
    public static LocalPlan Read(in Message message) => new(
        message.Round, message.Row, message.Value != 0, MemoryMarshal.Cast<byte, int>(message.Payload!.Span).ToArray());

    public async ValueTask SendAsync(INode node, int slot, CancellationToken stop)
    {
        using var payload = node.Lease(Members.Length * sizeof(int));
        MemoryMarshal.AsBytes<int>(Members).CopyTo(payload.Span);
        await node.SendAsync(
            new Message { To = slot, Topic = Topic.Plan, Round = Round, Row = Attempt, Value = WantsModel ? 1 : 0, Payload = payload }, stop);
    }
}

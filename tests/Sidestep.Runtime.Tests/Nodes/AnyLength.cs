namespace Sidestep.Runtime.Tests.Nodes;

internal sealed class AnyLength : IPayloadLimits
{
    public (int Least, int Most) For(Topic topic, int row) => (0, int.MaxValue);
}

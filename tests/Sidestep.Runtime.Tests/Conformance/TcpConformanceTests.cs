using Sidestep.Testing;

namespace Sidestep.Runtime.Tests.Conformance;

[Collection("alone")]
public sealed class TcpConformanceTests
{
    public static TheoryData<string> Laws => [.. FabricConformance.Laws.Keys];

    [Theory, MemberData(nameof(Laws))]
    public Task Law_holds(string law) => FabricConformance.Laws[law](() => new InProcessTcpFabric());
}

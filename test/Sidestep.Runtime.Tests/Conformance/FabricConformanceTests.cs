using Sidestep.Runtime.Threads;
using Sidestep.Simulation;
using Sidestep.Testing;

namespace Sidestep.Runtime.Tests.Conformance;

public sealed class SimConformanceTests
{
    public static TheoryData<string> Laws => [.. FabricConformance.Laws.Keys];

    [Theory, MemberData(nameof(Laws))]
    public Task Law_holds(string law) => FabricConformance.Laws[law](() => new SimFabric());

    [Fact]
    public Task Every_payload_is_given_back() =>
        FabricConformance.Every_payload_is_given_back(() => new SimFabric(), fabric => [((SimFabric)fabric).Pool]);

    [Fact]
    public async Task Deaths_at_random_never_deadlock_over_many_seeds()
    {
        for (var seed = 100UL; seed < 300; seed++)
        {
            await FabricConformance.Deaths_at_random_never_deadlock(new SimFabric(), seed);
        }
    }
}

[Collection("alone")]
public sealed class ThreadsConformanceTests
{
    public static TheoryData<string> Laws => [.. FabricConformance.Laws.Keys];

    [Theory, MemberData(nameof(Laws))]
    public Task Law_holds(string law) => FabricConformance.Laws[law](() => new ThreadsFabric());

    [Fact]
    public Task Every_payload_is_given_back() =>
        FabricConformance.Every_payload_is_given_back(() => new ThreadsFabric(), fabric => [((ThreadsFabric)fabric).Pool]);
}

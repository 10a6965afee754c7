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

    [Fact]
    public async Task Kills_from_another_thread_at_any_instant_never_deadlock()
    {
        for (var seed = 0UL; seed < 10; seed++)
        {
            var fabric = new ThreadsFabric();
            var run = FabricConformance.Deaths_at_random_never_deadlock(fabric, seed);
            var rng = new Rng(seed, Purpose.Test, 1, 0, 0);
            for (var i = 0; i < 40 && !run.IsCompleted; i++)
            {
                await Task.Delay(rng.Next(4));
                fabric.Kill(rng.Next(4));
            }

            await run;
            Assert.Equal(0, fabric.Pool.Outstanding);
        }
    }
}

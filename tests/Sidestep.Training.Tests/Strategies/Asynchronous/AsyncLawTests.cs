using System.Globalization;
using Xunit.Abstractions;

namespace Sidestep.Training.Tests.Strategies.Asynchronous;

/// <summary>Nothing is staler than the bound, and everything is applied once: over random codes, policies, bounds, delays and deaths.</summary>
public sealed class AsyncLawTests(ITestOutputHelper output)
{
    // The long lane of the nightly script asks for 10,000.
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("SIDESTEP_ASYNC_SEEDS") ?? "600", CultureInfo.InvariantCulture);

    [Fact]
    public void Nothing_is_staler_than_the_bound_and_all_is_applied_once()
    {
        int compared = 0, atBound = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var scene = new AsyncScene(seed);
            try
            {
                var (state, events) = scene.Play();
                var stalest = scene.Check(state, events);
                atBound += stalest > 0 && stalest == scene.Strategy.MaxStaleness ? 1 : 0;
                if (scene.Expected(events) is { } expected)
                {
                    compared++;
                    for (var i = 0; i < AsyncScene.Length; i++)
                    {
                        Assert.Equal(expected[i], state.Model.Span[i], 1e-3);
                    }
                }
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {seed}: {scene.Code.Name}, {scene.Strategy}: {error.Message}", error);
            }
        }

        output.WriteLine($"{Seeds} seeds: {compared} models are the sum of what was applied, {atBound} runs went to their bound");
        Assert.True(compared > Seeds / 2, $"{compared} of {Seeds} compared");
        Assert.True(atBound > Seeds / 10, $"{atBound} of {Seeds} went to their bound");
    }
}

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Hosting;

public sealed class BackgroundTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Stop_of_the_host_drains_and_the_run_can_be_resumed()
    {
        var (service, progress) = Host("rounds=1000000", "hashEvery=10");
        Assert.Equal(TrainingState.Starting, progress.Now.State);
        var advanced = new TaskCompletionSource<TrainingMoment>(TaskCreationOptions.RunContinuationsAsynchronously);
        progress.Advanced += moment =>
        {
            if (moment.Round >= 5)
            {
                advanced.TrySetResult(moment);
            }
        };
        await service.StartAsync(CancellationToken.None);
        var seen = await advanced.Task.WaitAsync(Patience);
        Assert.Equal((TrainingState.Running, 1000000), (seen.State, seen.Rounds));
        Assert.NotNull(seen.Loss);
        await service.StopAsync(CancellationToken.None).WaitAsync(Patience);
        var result = await progress.Completion;
        Assert.Equal("preempted", result.Status);
        Assert.Equal((TrainingState.Ended, result.Rounds), (progress.Now.State, progress.Now.Round));
        var resumed = await OwnProgram.Host().Build().RunAsync(
            OwnProgram.Host().Build().Spec($"rounds={result.Rounds + 5}", "hashEvery=10"),
            new TrainingOptions { Folder = _bench.In("run"), Mode = FolderMode.Resume });
        Assert.Equal(("finished", result.Rounds), (resumed.Status, resumed.ResumedFrom));
    }

    [Fact]
    public async Task Run_that_cannot_start_fails_its_progress()
    {
        var (service, progress) = Host("code.name=uncodet");
        await service.StartAsync(CancellationToken.None);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => progress.Completion.WaitAsync(Patience));
        Assert.Contains("'uncoded'", error.Message, StringComparison.Ordinal);
        Assert.Equal(TrainingState.Failed, progress.Now.State);
    }

    private (IHostedService Service, TrainingProgress Progress) Host(params string[] overrides)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSidestep(OwnProgram.Host().Build(), new BackgroundTraining
            {
                Spec = trainer => trainer.Spec(overrides),
                Options = new TrainingOptions { Folder = _bench.In("run") },
            })
            .BuildServiceProvider();
        return (services.GetServices<IHostedService>().Single(), services.GetRequiredService<TrainingProgress>());
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace Sidestep.Hosting;

/// <summary>Training inside a generic host or an ASP.NET program.</summary>
public static class SidestepServices
{
    /// <summary>Trains in the background while the host runs. <see cref="TrainingProgress"/> says how it stands.</summary>
    /// <remarks><code>builder.Services.AddSidestep(host => host.AddObjective("my-net", c => new MyNet(c.Features)), BackgroundTraining.FromFile("run.json"));
    /// app.MapGet("/training", (TrainingProgress progress) => progress.Now);</code>
    /// A run that fails stops the host, as the host's options say for background services. For fabric <c>tcp</c> use the overload that takes a
    /// trainer, and let it serve as a worker before anything else.</remarks>
    /// <param name="services">The services.</param>
    /// <param name="parts">Registers the program's own parts.</param>
    /// <param name="training">What to train, and how.</param>
    /// <exception cref="CompositionException">A registered name cannot be used.</exception>
    public static IServiceCollection AddSidestep(this IServiceCollection services, Action<SidestepHost> parts, BackgroundTraining training)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var host = SidestepHost.Create();
        parts(host);
        return services.AddSidestep(host.Build(), training);
    }

    /// <summary>Trains in the background with a trainer that the program has built already.</summary>
    /// <remarks><code>if (await trainer.TryRunWorkerAsync(args) is { } code) { return code; }
    /// builder.Services.AddSidestep(trainer, BackgroundTraining.FromFile("run.json"));</code></remarks>
    /// <param name="services">The services.</param>
    /// <param name="trainer">The trainer.</param>
    /// <param name="training">What to train, and how.</param>
    public static IServiceCollection AddSidestep(this IServiceCollection services, Trainer trainer, BackgroundTraining training)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(training);
        return services
            .AddSingleton(trainer)
            .AddSingleton(training)
            .AddSingleton<TrainingProgress>()
            .AddHostedService<TrainingService>();
    }
}

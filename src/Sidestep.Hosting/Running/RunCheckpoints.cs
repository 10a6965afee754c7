using System.Globalization;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Snapshots of the coordinator in one file, replaced each time; its last and its best model beside it.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="run">The run.</param>
internal sealed class RunCheckpoints(RunFolder folder, PlannedRun run) : ICheckpoints
{
    private readonly long _every = run.Resolved.Spec.CheckpointEvery;

    public bool Due(long round) => _every > 0 && round % _every == 0;

    public void Save(IRunState state)
    {
        StateFile.Save(folder.State, state);
        SafetensorsFile.Write(folder.Last, run.Plan.Shape, state.Model, Origin.Of(state.Round, state.TrajectoryHash, run.Resolved.Hash));
    }

    public void Improved(IRunState state)
    {
        var best = state.Best!;
        SafetensorsFile.Write(folder.Best, run.Plan.Shape, state.Model,
        [
            .. Origin.Of(state.Round, state.TrajectoryHash, run.Resolved.Hash),
            new("metric", best.Metric),
            new("value", best.Value.ToString("R", CultureInfo.InvariantCulture)),
        ]);
    }
}

using System.Diagnostics;

namespace Sidestep.Hosting;

/// <summary>The run as a trace: one span for the run, one for every round, deaths and joins as events of the run's span.</summary>
internal sealed class RunTrace : IDisposable
{
    private readonly Activity? _run;
    private readonly DateTimeOffset _began;

    public RunTrace(PlannedRun planned, string fabric, TimeProvider time)
    {
        _began = time.GetUtcNow();
        _run = SidestepMeter.Activities.StartActivity("sidestep.run");
        _run?.SetTag("sidestep.code", planned.Plan.Code.Name)
            .SetTag("sidestep.strategy", planned.Strategy.Name)
            .SetTag("sidestep.fabric", fabric)
            .SetTag("sidestep.workers", planned.Plan.Workers)
            .SetTag("sidestep.spec", planned.Resolved.Hash);
    }

    public void Hear(in RunEvent happened)
    {
        if (_run is null)
        {
            return;
        }

        switch (happened.Phase)
        {
            case Phase.Round:
                using (var round = SidestepMeter.Activities.StartActivity(
                    ActivityKind.Internal, _run.Context, name: "sidestep.round", startTime: _began + happened.Start))
                {
                    round?.SetTag("sidestep.round", happened.Round).SetTag("sidestep.loss", happened.Value).SetEndTime((_began + happened.End).UtcDateTime);
                }

                break;
            case Phase.Joined or Phase.Lost or Phase.FeedbackReset or Phase.Checkpoint:
                _run.AddEvent(new ActivityEvent(
                    happened.Phase switch
                    {
                        Phase.Joined => "joined",
                        Phase.Lost => "lost",
                        Phase.Checkpoint => "checkpoint",
                        _ => "feedback-reset",
                    },
                    _began + happened.End,
                    new ActivityTagsCollection { ["sidestep.slot"] = happened.Slot, ["sidestep.round"] = happened.Round }));
                break;
        }
    }

    public void End(IRunState state)
    {
        _run?.SetTag("sidestep.rounds", state.Round).SetTag("sidestep.trajectory", state.TrajectoryHash);
        _run?.SetStatus(state.Status is RunStatus.Finished or RunStatus.Preempted ? ActivityStatusCode.Ok : ActivityStatusCode.Error, state.Reason);
    }

    public void Dispose() => _run?.Dispose();
}

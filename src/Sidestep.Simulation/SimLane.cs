namespace Sidestep.Simulation;

/// <summary>Reports what the lane did, from a tick to a tick, with the event's value.</summary>
internal delegate void SimLaneReport(Work work, Phase phase, long start, long end, double value);

/// <summary>A node's compute lane in virtual time: one job at a time; a job first holds out its weather, then takes its duration, and does its real work at the end.</summary>
internal sealed class SimLane(SimQueue queue, SimPump pump, ComputePace pace, Func<Work, TimeSpan?> timing, SimLaneReport report)
{
    private static readonly TimeSpan Measured = TimeSpan.FromMilliseconds(10);
    private readonly Queue<Job> _jobs = new();
    private Job? _running;
    private bool _closed;

    /// <summary>Queues work.</summary>
    public Task Add<TState>(Work work, TState state, Action<TState, CancellationToken> action, CancellationToken stop)
    {
        if (_closed)
        {
            return Task.FromCanceled(new CancellationToken(true));
        }

        var job = new Job(work, () => action(state, stop), stop);
        if (stop.CanBeCanceled)
        {
            job.Registration = stop.UnsafeRegister(_ => pump.Plan(() => Cut(job)), null);
        }

        _jobs.Enqueue(job);
        Next();
        return job.Done.Task;
    }

    /// <summary>Cancels everything, now and later.</summary>
    public void Close()
    {
        _closed = true;
        while (_jobs.TryDequeue(out var job))
        {
            job.Finish(Cancelled(job));
        }

        if (_running is { } running)
        {
            Cut(running, force: true);
        }
    }

    private static OperationCanceledException Cancelled(Job job) =>
        new(job.Stop.IsCancellationRequested ? job.Stop : new CancellationToken(true));

    private void Next()
    {
        while (_running is null && _jobs.TryDequeue(out var job))
        {
            if (job.Stop.IsCancellationRequested)
            {
                job.Finish(Cancelled(job));
                continue;
            }

            _running = job;
            job.Taken = queue.Now;
            job.Begun = job.Taken + pace.Delay(job.Work).Ticks;
            if (job.Begun == job.Taken)
            {
                Begin(job);
            }
            else
            {
                queue.At(job.Begun, () => pump.Enter(() => Begin(job)));
            }
        }
    }

    private void Begin(Job job)
    {
        if (_running != job)
        {
            return;
        }

        job.HasBegun = true;
        if (job.Begun != job.Taken)
        {
            report(job.Work, Phase.Weather, job.Taken, job.Begun, 0);
        }

        queue.At(job.Begun + (timing(job.Work) ?? pace.Duration(job.Work, Measured)).Ticks, () => pump.Enter(() => Complete(job)));
    }

    private void Complete(Job job)
    {
        if (_running != job)
        {
            return;
        }

        Exception? error = null;
        try
        {
            job.Action();
        }
        catch (Exception thrown)
        {
            error = thrown;
        }

        report(job.Work, Phase.Compute, job.Begun, queue.Now, error is null ? job.Work.Cost / (double)Work.PerPartition : 0);
        Free(job, error);
    }

    private void Cut(Job job, bool force = false)
    {
        if (_running == job && (force || job.Stop.IsCancellationRequested))
        {
            report(job.Work, job.HasBegun ? Phase.Compute : Phase.Weather, job.HasBegun ? job.Begun : job.Taken, queue.Now, 0);
            Free(job, Cancelled(job));
        }
    }

    private void Free(Job job, Exception? error)
    {
        _running = null;
        job.Finish(error);
        Next();
    }

    private sealed class Job(Work work, Action action, CancellationToken stop)
    {
        public Work Work => work;

        public Action Action => action;

        public CancellationToken Stop => stop;

        public CancellationTokenRegistration Registration { get; set; }

        // Continued inline, in the node's turn: asynchronous continuations would go to the thread pool.
        public TaskCompletionSource Done { get; } = new();

        public long Taken { get; set; }

        public long Begun { get; set; }

        public bool HasBegun { get; set; }

        public void Finish(Exception? error)
        {
            Registration.Unregister();
            if (error is null)
            {
                Done.SetResult();
            }
            else
            {
                Done.SetException(error);
            }
        }
    }
}

namespace Sidestep.Runtime;

/// <summary>The compute lane: one thread, one job at a time, in the order they came. The thread starts with the first job.</summary>
/// <param name="name">Name of the thread.</param>
/// <param name="time">The clock.</param>
/// <param name="pace">Weather and emulated compute.</param>
/// <param name="emulated">Whether compute is emulated.</param>
/// <param name="finished">Called with a finished job, on the lane.</param>
internal sealed class LiveNodeLane(
    string name, TimeProvider time, ComputePace pace, bool emulated, Action<LiveNodeJob> finished)
{
    private static readonly TimeSpan Fine = TimeSpan.FromMilliseconds(3);

    private readonly object _gate = new();
    private readonly Queue<LiveNodeJob> _jobs = new();
    private Thread? _thread;
    private bool _closed;

    /// <summary>Queues a job.</summary>
    public void Add(LiveNodeJob job)
    {
        bool closed;
        lock (_gate)
        {
            closed = _closed;
            if (!closed)
            {
                _jobs.Enqueue(job);
                Monitor.PulseAll(_gate);
            }
        }

        if (closed)
        {
            job.Error = new OperationCanceledException(job.Stop);
            finished(job);
        }
        else if (_thread is null)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = name };
            _thread.Start();
        }
    }

    /// <summary>Cuts the lane's waits short and cancels queued jobs and later ones.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes, and returns when the running job has returned.</summary>
    public void Join()
    {
        Close();
        _thread?.Join();
    }

    private void Run()
    {
        while (true)
        {
            LiveNodeJob? job;
            lock (_gate)
            {
                while (!_jobs.TryDequeue(out job))
                {
                    if (_closed)
                    {
                        return;
                    }

                    Monitor.Wait(_gate);
                }
            }

            Execute(job);
            finished(job);
        }
    }

    private void Execute(LiveNodeJob job)
    {
        if (IsCut(job.Stop))
        {
            job.Error = new OperationCanceledException(job.Stop);
            return;
        }

        var taken = time.GetTimestamp();
        var begun = taken;
        if (pace.Delay(job.Work) is { Ticks: > 0 } delay)
        {
            var waited = Hold(taken, delay, job.Stop);
            begun = time.GetTimestamp();
            if (!waited)
            {
                job.Stamps = (taken, begun, 0);
                job.Error = new OperationCanceledException(job.Stop);
                return;
            }
        }

        try
        {
            job.Invoke();
            if (emulated && !Hold(begun, pace.Duration(job.Work), job.Stop))
            {
                // Real work of that length would have been cancelled too.
                job.Error = new OperationCanceledException(job.Stop);
            }
        }
        catch (Exception error)
        {
            job.Error = error;
        }

        job.Stamps = (taken, begun, time.GetTimestamp());
    }

    // Sleeps on the gate: adding a job, closing and cancelling pulse it. The gate counts in milliseconds, so the rest is slept off it. False: cut short.
    private bool Hold(long since, TimeSpan length, CancellationToken stop)
    {
        using var registration = stop.UnsafeRegister(static lane => ((LiveNodeLane)lane!).Pulse(), this);
        while (!IsCut(stop))
        {
            var left = length - time.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
            {
                return true;
            }

            if (left < Fine)
            {
                Os.Sleep(left);
                continue;
            }

            lock (_gate)
            {
                if (!IsCut(stop))
                {
                    Monitor.Wait(_gate, (int)Math.Min((left - Fine).TotalMilliseconds + 1, 60_000));
                }
            }
        }

        return false;
    }

    private bool IsCut(CancellationToken stop) => Volatile.Read(ref _closed) || stop.IsCancellationRequested;

    private void Pulse()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }
}

namespace Sidestep.Training;

/// <summary>Work on pieces of a stream by several cores, with the results in the order of the stream.</summary>
internal static class OrderedWork
{
    // Beyond this the one thread that reads and writes is the limit.
    private const int MostCores = 8;

    /// <summary>Fills pieces, works on them on other threads, and takes the results, in order, until there are no more.</summary>
    /// <typeparam name="T">A piece, reused.</typeparam>
    /// <param name="create">Makes a piece; at most two more than cores, and at most ten.</param>
    /// <param name="fill">Fills a piece; false: there is nothing more. Called by this thread.</param>
    /// <param name="work">Works on a piece. Called by any thread; what it throws comes out of here, in order.</param>
    /// <param name="take">Takes the result. Called by this thread.</param>
    /// <param name="stop">Checked for every piece.</param>
    internal static void Run<T>(Func<T> create, Func<T, bool> fill, Action<T> work, Action<T> take, CancellationToken stop)
        where T : class
    {
        var pieces = new T?[Math.Min(MostCores, Os.Cores) + 2];
        var running = new Task?[pieces.Length];
        long begun = 0, taken = 0;
        try
        {
            while (true)
            {
                stop.ThrowIfCancellationRequested();
                if (begun - taken == pieces.Length)
                {
                    Take();
                }

                var slot = begun % pieces.Length;
                var piece = pieces[slot] ??= create();
                if (!fill(piece))
                {
                    break;
                }

                running[slot] = Task.Run(() => work(piece), CancellationToken.None);
                begun++;
            }

            while (taken < begun)
            {
                stop.ThrowIfCancellationRequested();
                Take();
            }
        }
        finally
        {
            // After a failure, what still runs must be over before its buffers and files go away.
            for (; taken < begun; taken++)
            {
                ((IAsyncResult)running[taken % pieces.Length]!).AsyncWaitHandle.WaitOne();
            }
        }

        void Take()
        {
            var slot = taken % pieces.Length;
            running[slot]!.GetAwaiter().GetResult();
            taken++;
            take(pieces[slot]!);
        }
    }
}

namespace Sidestep.Training.Tests.Mixers;

/// <summary>A mixer on a network of nodes.</summary>
internal sealed class MixScene
{
    private readonly IMixer _mixer;
    private readonly int _length;
    private readonly Dictionary<int, IMixing> _sessions = [];
    private readonly QueueContext _queue;

    public MixScene(string mixer, int length, ulong seed)
    {
        _mixer = MixerCatalog.Find(mixer);
        _length = length;
        _queue = new QueueContext(seed);
    }

    public TestNetwork Network { get; } = new();

    public IMixing Session(int id) => _sessions.TryGetValue(id, out var session)
        ? session
        : _sessions[id] = _mixer.Open(Network[id], ModelShape.Flat(_length));

    /// <summary>Mixes once; vectors and outcomes in the order of the members. The members change their vectors in place.</summary>
    public MixOutcome[] Mix(long round, int attempt, int[] members, float[][] vectors, double[]? weights = null)
    {
        var outcomes = new MixOutcome[members.Length];
        _queue.Run(async () =>
        {
            var tasks = members
                .Select((id, i) => Session(id).MixAsync(
                    new MixRound(round, attempt, members, 0, weights?[i] ?? 1), vectors[i], default).AsTask())
                .ToList();
            if (_mixer.NeedsHub)
            {
                tasks.Add(Hub(round, attempt, members, default));
            }

            var all = await Task.WhenAll(tasks);
            Array.Copy(all, outcomes, outcomes.Length);
        });
        return outcomes;
    }

    /// <summary>The hub's part, with a vector that has no say.</summary>
    public Task<MixOutcome> Hub(long round, int attempt, int[] members, CancellationToken stop)
    {
        var vector = new float[_length];
        Array.Fill(vector, 1e9f);
        return Session(Slots.Coordinator).MixAsync(new MixRound(round, attempt, members, 0, 0), vector, stop).AsTask();
    }

    public bool NeedsHub => _mixer.NeedsHub;

    public void Run(Func<Task> program) => _queue.Run(program);

    /// <summary>Closes everything; every payload must have been given back.</summary>
    public void Close()
    {
        foreach (var session in _sessions.Values)
        {
            session.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        Network.Drain();
        Assert.Equal(0, Network.Pool.Outstanding);
    }
}

namespace Sidestep.Hosting;

/// <summary>Training losses of a run of any length in bounded memory: means over groups of rounds, as many rounds each as is needed to keep few groups.</summary>
internal sealed class LossCurve
{
    /// <summary>Most groups; when they are all filled, each two become one.</summary>
    internal const int MostGroups = 256;

    private readonly List<Group> _groups = new(MostGroups);
    private long _width = 1;

    /// <summary>Adds a round's loss; what is not finite is left out.</summary>
    /// <param name="round">The round.</param>
    /// <param name="loss">Its mean loss.</param>
    public void Add(long round, double loss)
    {
        if (!double.IsFinite(loss))
        {
            return;
        }

        if (_groups.Count == 0 || round >= _groups[^1].First + _width)
        {
            if (_groups.Count == MostGroups)
            {
                Halve();
            }

            if (_groups.Count == 0 || round >= _groups[^1].First + _width)
            {
                _groups.Add(new Group(round, 0, 0));
            }
        }

        var last = _groups[^1];
        _groups[^1] = last with { Sum = last.Sum + loss, Count = last.Count + 1 };
    }

    /// <summary>The curve so far, in the order of rounds.</summary>
    public IReadOnlyList<LossPoint> Points() => [.. _groups.Select(g => new LossPoint(g.First, g.Sum / g.Count))];

    private void Halve()
    {
        for (var i = 0; i < MostGroups / 2; i++)
        {
            var (first, second) = (_groups[2 * i], _groups[(2 * i) + 1]);
            _groups[i] = new Group(first.First, first.Sum + second.Sum, first.Count + second.Count);
        }

        _groups.RemoveRange(MostGroups / 2, MostGroups / 2);
        _width *= 2;
    }

    private readonly record struct Group(long First, double Sum, int Count);
}

/// <summary>A point of a loss curve.</summary>
/// <param name="Round">The first of the rounds it stands for.</param>
/// <param name="Loss">Their mean training loss.</param>
public readonly record struct LossPoint(long Round, double Loss);

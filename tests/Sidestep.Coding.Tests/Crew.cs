namespace Sidestep.Coding.Tests;

/// <summary>Workers of given speeds that answer a decoder's requests in simulated time without round trips; deaths and returns at given times.</summary>
internal sealed class Crew(Bench bench, double[] secondsPerPart, int parts)
{
    private readonly CodeTable<float> _table = bench.Code.Table;
    private readonly List<int>[] _queue = [.. secondsPerPart.Select(_ => new List<int>())];
    private readonly (int Row, double At)[] _running = [.. secondsPerPart.Select(_ => (-1, double.PositiveInfinity))];
    private readonly bool[] _dead = new bool[secondsPerPart.Length];

    /// <summary>Rows whose computation was begun.</summary>
    public int Begun { get; private set; }

    /// <summary>Computations of each partition.</summary>
    public int[] Times { get; } = new int[bench.Code.Table.Partitions];

    /// <summary>Runs a round.</summary>
    /// <param name="deaths">Slot, time of death, time of return.</param>
    /// <returns>When it was exact; infinite: never.</returns>
    public double Round(params (int Slot, double Dies, double Returns)[] deaths)
    {
        Array.Clear(Times);
        Begun = 0;
        for (var slot = 0; slot < _queue.Length; slot++)
        {
            Open(slot, 0);
        }

        var changes = deaths.SelectMany(d => new[] { (At: d.Dies, d.Slot, Dies: true), (At: d.Returns, d.Slot, Dies: false) }).OrderBy(c => c.At).ToList();
        var verdict = bench.Decoder.Begin(0, []);
        Follow(verdict, 0);
        while (verdict.Residual > 0)
        {
            var next = Enumerable.Range(0, _running.Length).MinBy(s => _running[s].At);
            var now = _running[next].At;
            if (changes.Count > 0 && changes[0].At <= now && double.IsFinite(changes[0].At))
            {
                var (at, slot, dies) = changes[0];
                changes.RemoveAt(0);
                verdict = Change(slot, dies, at);
                continue;
            }

            if (double.IsInfinity(now))
            {
                return now;
            }

            var row = _running[next].Row;
            _running[next] = (-1, double.PositiveInfinity);
            verdict = bench.Offer(row);
            Follow(verdict, now);
            Next(next, now);
            if (verdict.Residual == 0)
            {
                return now;
            }
        }

        return 0;
    }

    private Verdict Change(int slot, bool dies, double at)
    {
        _dead[slot] = dies;
        if (dies)
        {
            _queue[slot].Clear();
            _running[slot] = (-1, double.PositiveInfinity);
        }
        else
        {
            Open(slot, at);
        }

        var verdict = dies ? bench.Decoder.Lost(slot) : bench.Decoder.Returned(slot);
        Follow(verdict, at);
        return verdict;
    }

    private void Open(int slot, double at)
    {
        _queue[slot].Clear();
        _queue[slot].AddRange(Enumerable.Range(0, _table.Rows.Length).Where(r => _table.Rows[r].Worker == slot && !_table.Rows[r].OnRequest));
        _running[slot] = (-1, double.PositiveInfinity);
        Next(slot, at);
    }

    private void Follow(Verdict verdict, double now)
    {
        foreach (var row in verdict.Withdrawn.ToArray())
        {
            var slot = _table.Rows[row].Worker;
            _queue[slot].Remove(row);
            if (_running[slot].Row == row && bench.Decoder.Used(row))
            {
                _running[slot] = (-1, double.PositiveInfinity);
                Next(slot, now);
            }
        }

        foreach (var row in verdict.Wanted.ToArray())
        {
            var slot = _table.Rows[row].Worker;
            Assert.False(_dead[slot]);
            _queue[slot].Add(row);
            Next(slot, now);
        }
    }

    private void Next(int slot, double now)
    {
        if (!_dead[slot] && _running[slot].Row < 0 && _queue[slot].Count > 0)
        {
            var row = _queue[slot][0];
            _queue[slot].RemoveAt(0);
            _running[slot] = (row, now + (secondsPerPart[slot] / parts));
            Begun++;
            Times[_table.Items[_table.Rows[row].Terms[0].Item].Mix[0].Partition]++;
        }
    }
}

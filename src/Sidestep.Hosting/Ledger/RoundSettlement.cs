namespace Sidestep.Hosting;

/// <summary>Says of a round who held it up, and compares it with waiting for all without redundancy.</summary>
internal sealed class RoundSettlement(LedgerBasis basis, SlotAccount[] accounts)
{
    private readonly double[] _arrivals = new double[basis.Workers];
    private readonly int[] _members = new int[basis.Workers];
    private readonly double[] _delay = new double[basis.Workers];
    private readonly double[] _avoided = new double[basis.Workers];
    private readonly Causes[] _causes = new Causes[basis.Workers];
    private readonly double[] _column = new double[basis.Workers];

    public double Saved { get; private set; }

    public double SavedWorkers { get; private set; }

    public void Settle(RoundRecord round)
    {
        if (round.LastShare < 0)
        {
            return;
        }

        Array.Clear(_delay);
        Array.Clear(_avoided);
        Delays(round);
        Compare(round);
        Blame(round);
    }

    // From the first slot that was done on, every moment belongs to those that were not.
    private void Delays(RoundRecord round)
    {
        var count = 0;
        var first = double.PositiveInfinity;
        for (var slot = 0; slot < round.Slots.Length; slot++)
        {
            if (round.Slots[slot].TakesPart)
            {
                var done = round.Slots[slot].DoneAt;
                (_arrivals[count], _members[count]) = (done < 0 ? double.PositiveInfinity : done, slot);
                first = Math.Min(first, _arrivals[count++]);
            }
        }

        if (double.IsFinite(first))
        {
            Waiting.Split(_arrivals.AsSpan(0, count), _members.AsSpan(0, count), first, round.LastShare, _delay);
        }
    }

    private void Compare(RoundRecord round)
    {
        int count = 0, known = 0;
        var longest = 0d;
        for (var slot = 0; slot < round.Slots.Length; slot++)
        {
            _causes[slot] = default;
            if (!round.Slots[slot].TakesPart)
            {
                continue;
            }

            var (causes, before) = round.Slots[slot].Alone(round.Began, basis.FairCost);
            _causes[slot] = causes;
            (_arrivals[count], _members[count]) = (before + causes.Total, slot);
            known += causes.Total > 0 ? 1 : 0;
            longest = Math.Max(longest, _arrivals[count++]);
        }

        if (known == 0)
        {
            return;
        }

        double actual = round.LastShare - round.Began;
        Saved += longest - actual;
        SavedWorkers += (longest - actual) * count;
        Waiting.Split(_arrivals.AsSpan(0, count), _members.AsSpan(0, count), actual, longest, _avoided);
    }

    private void Blame(RoundRecord round)
    {
        var usual = new Causes(
            Median(round, static c => c.LateStart), Median(round, static c => c.Weather), Median(round, static c => c.Compute), Median(round, static c => c.Upload), 0);
        for (var slot = 0; slot < round.Slots.Length; slot++)
        {
            var charged = _delay[slot] + _avoided[slot];
            if (charged <= 0)
            {
                continue;
            }

            var account = accounts[slot];
            account.Delay += _delay[slot];
            account.Avoided += _avoided[slot];
            var excess = _causes[slot].Above(usual);
            if (excess.Total > 0)
            {
                account.Causes += excess * (charged / excess.Total);
            }
        }
    }

    // The lower median over the slots of which something is known.
    private double Median(RoundRecord round, Func<Causes, double> part)
    {
        var count = 0;
        for (var slot = 0; slot < round.Slots.Length; slot++)
        {
            if (round.Slots[slot].TakesPart && _causes[slot].Total > 0)
            {
                _column[count++] = part(_causes[slot]);
            }
        }

        if (count == 0)
        {
            return 0;
        }

        Array.Sort(_column, 0, count);
        return _column[(count - 1) / 2];
    }
}

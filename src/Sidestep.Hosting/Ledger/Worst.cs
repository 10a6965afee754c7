namespace Sidestep.Hosting;

/// <summary>Picks the worker that cost a run most.</summary>
internal static class Worst
{
    // Who stands out: this part of the rounds' time at least, and so many times the mean of the others.
    private const double LeastPart = 0.02, TimesOthers = 2;

    /// <summary>The costliest worker, or null: the workers cost much the same, or hardly anything.</summary>
    /// <param name="accounts">By slot.</param>
    /// <param name="seconds">Seconds of all rounds together.</param>
    public static CostliestWorker? Of(SlotAccount[] accounts, double seconds)
    {
        var worst = 0;
        var sum = 0d;
        for (var slot = 0; slot < accounts.Length; slot++)
        {
            sum += Ticks(accounts[slot]);
            worst = Ticks(accounts[slot]) > Ticks(accounts[worst]) ? slot : worst;
        }

        var cost = Ticks(accounts[worst]);
        var others = accounts.Length > 1 ? (sum - cost) / (accounts.Length - 1) : 0;
        if (cost <= 0 || cost < LeastPart * seconds * TimeSpan.TicksPerSecond || cost < TimesOthers * others)
        {
            return null;
        }

        var causes = accounts[worst].Causes;
        causes = causes.Total > 0 ? causes * (1 / causes.Total) : new Causes(1, 0, 0, 0, 0);
        return new CostliestWorker(
            worst, cost / TimeSpan.TicksPerSecond, accounts[worst].Avoided / TimeSpan.TicksPerSecond,
            causes.Compute, causes.Upload, causes.LateStart, causes.Weather, causes.Away);
    }

    private static double Ticks(SlotAccount account) => account.Delay + account.Avoided;
}

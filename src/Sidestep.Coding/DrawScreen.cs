namespace Sidestep.Coding;

/// <summary>A quick look at drawn tables: the largest amplification over some sets of workers, the same for all draws.</summary>
internal static class DrawScreen
{
    private const int Samples = 64;

    /// <summary>The largest gain over sampled sets of n − s workers; stops as soon as it exceeds a bound.</summary>
    /// <param name="classes">The table.</param>
    /// <param name="size">n − s.</param>
    /// <param name="enough">The bound.</param>
    public static double Worst(RowClasses classes, int size, double enough)
    {
        var workers = classes.Table.Workers;
        if (WorkerSets.Count(workers, size) <= Samples)
        {
            return Enumerated(classes, size, enough);
        }

        var rng = new Rng(0, Purpose.Code, Slots.Coordinator, round: 0, index: 3);
        var set = new int[size];
        double worst = 0;
        for (var sample = 0; sample < Samples && worst < enough; sample++)
        {
            WorkerSets.Draw(ref rng, set, workers);
            worst = Math.Max(worst, Certificate.Gain(classes, set));
        }

        return worst;
    }

    private static double Enumerated(RowClasses classes, int size, double enough)
    {
        var set = WorkerSets.First(size);
        double worst = 0;
        do
        {
            worst = Math.Max(worst, Certificate.Gain(classes, set));
        }
        while (worst < enough && WorkerSets.Next(set, classes.Table.Workers));
        return worst;
    }
}

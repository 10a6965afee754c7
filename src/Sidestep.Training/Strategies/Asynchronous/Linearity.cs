namespace Sidestep.Training;

/// <summary>Whether an optimizer moves twice as far for twice the gradient: then sums of parts may be given to it one by one. Found by trying.</summary>
internal static class Linearity
{
    public static bool Holds(RunPlan plan)
    {
        Span<float> once = [0f], twice = [0f];
        var (first, second) = (plan.Optimizer.Create(1), plan.Optimizer.Create(1));

        // Warm-up may begin with a rate of nothing.
        foreach (var round in (ReadOnlySpan<long>)[0, plan.Rounds / 2, Math.Max(0, plan.Rounds - 1)])
        {
            first.Step(round, once, [1f]);
            second.Step(round, twice, [2f]);
            if (Math.Abs(twice[0] - (2 * once[0])) > 1e-3f * Math.Abs(twice[0]))
            {
                return false;
            }
        }

        return true;
    }
}

using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Optimizers from specs.</summary>
internal static class Optimizers
{
    /// <summary>Creates the optimizer and checks its schedule over the whole run.</summary>
    public static IOptimizer Of(OptimizerSpec spec, long rounds, SidestepCatalog catalog, string folder)
    {
        if (spec is OwnOptimizerSpec own)
        {
            return SidestepCatalog.Find("optimizer", own.Name, catalog.Own.Optimizers, k => k.Name).Make(
                new OptimizerContext { Parameters = own.Parameters, Folder = folder, Rounds = rounds });
        }

        var rate = Rate(spec, rounds);
        rate.Check(rounds);
        return spec switch
        {
            SgdSpec => new Sgd(rate),
            MomentumSpec s => new Momentum(rate, s.Momentum),
            NesterovSpec s => new Nesterov(rate, s.Momentum ?? double.NaN),
            AdamSpec s => new Adam(rate, s.Beta1, s.Beta2, s.Epsilon),
            AdamWSpec s => new AdamW(rate, s.Beta1, s.Beta2, s.Epsilon, s.Decay),
            _ => throw new NotSupportedException($"an optimizer of type {spec.GetType().Name}"),
        };
    }

    private static Schedule Rate(OptimizerSpec spec, long rounds)
    {
        Schedule rate = spec.Schedule switch
        {
            null => new ConstantSchedule(spec.Rate),
            StepScheduleSpec s => new StepSchedule(spec.Rate, s.Factor, s.Every),
            CosineScheduleSpec s => new CosineSchedule(spec.Rate, rounds, s.Floor),
            InverseTimeScheduleSpec s => new InverseTimeSchedule(spec.Rate * s.Offset, s.Offset),
            LinearScheduleSpec s => new LinearSchedule(spec.Rate, rounds, s.Floor),
            ExponentialScheduleSpec s => new ExponentialSchedule(spec.Rate, s.Factor, s.Every),
            OneCycleScheduleSpec when spec.WarmUp > 0 => throw new ConfigurationException(
                $"warmUp is {spec.WarmUp}, but schedule one-cycle rises by itself: leave warmUp out, and set rise"),
            OneCycleScheduleSpec s => new OneCycleSchedule(spec.Rate, Math.Max(2, rounds), s.Rise, s.Divide, s.FinalDivide),

            // The rate itself is constant; evaluations lower it.
            PlateauScheduleSpec => new ConstantSchedule(spec.Rate),
            _ => throw new NotSupportedException($"a schedule of type {spec.Schedule.GetType().Name}"),
        };
        return spec.WarmUp > 0 ? new WarmUp(rate, spec.WarmUp) : rate;
    }
}

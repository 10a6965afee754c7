using System.Numerics.Tensors;

namespace Sidestep.Training;

/// <summary>Moves the model of an asynchronous run: the step rule's factor, clipping, the optimizer.</summary>
/// <param name="state">The run's state.</param>
/// <param name="clock">Reports.</param>
/// <param name="rule">How steps depend on staleness.</param>
internal sealed class UpdateStep(CoordinatorState state, CoordinatorClock clock, StepRule rule)
{
    private readonly Schedule? _schedule = (state.Plan.Optimizer as IScheduledOptimizer)?.Rate;

    /// <summary>What the rule makes of a step: a factor on the gradient.</summary>
    /// <param name="staleness">Updates since the gradient's model was read.</param>
    /// <param name="part">The part of the whole gradient the update makes.</param>
    public double Factor(long staleness, double part)
    {
        if (rule is ConstantStep)
        {
            return 1;
        }

        var rate = rule.IsProportional ? 1 : part * _schedule!.Rate(state.Round) * ((state.Optimizer as IRateScale)?.RateScale ?? 1);
        return rate == 0 ? 0 : rule.Step(rate, staleness, state.Round + 1, state.Plan.Workers) / rate;
    }

    /// <summary>Clips and steps. A gradient that is not finite ends the run.</summary>
    /// <param name="gradient">The gradient as it is to be applied; changed by clipping.</param>
    /// <param name="part">The part of the whole gradient it is: clipping bounds the whole.</param>
    /// <param name="staleness">The largest in it, for the report.</param>
    /// <returns>Whether it stepped.</returns>
    public bool Apply(Span<float> gradient, double part, long staleness)
    {
        var began = clock.Now;
        if (!FiniteScan.AllFinite(gradient))
        {
            state.End(RunStatus.Diverged, $"round {state.Round}: the gradient is not finite; lower the rate or start from an earlier snapshot");
            return false;
        }

        if (state.Plan.Clip is { } clip)
        {
            Clip(clip, gradient, part, began);
        }

        state.Optimizer.Step(state.Round, state.Parameters, gradient);
        clock.Report(Slots.Coordinator, state.Round, -1, Phase.Step, began, staleness);
        return true;
    }

    private void Clip(GradientClip clip, Span<float> gradient, double part, TimeSpan began)
    {
        if (part != 1)
        {
            TensorPrimitives.Multiply(gradient, (float)(1 / part), gradient);
        }

        if (clip.Apply(gradient, out var norm))
        {
            clock.Report(Slots.Coordinator, state.Round, -1, Phase.Clip, began, norm);
        }

        if (part != 1)
        {
            TensorPrimitives.Multiply(gradient, (float)part, gradient);
        }
    }
}

using System.Globalization;

namespace Sidestep;

/// <summary>Bounds on the mean gradient, applied after decoding and before the optimizer.</summary>
/// <remarks>First every component is cut to [−Value, Value], then, if its Euclidean norm ‖g‖ still exceeds Norm, the whole gradient is scaled by
/// Norm/‖g‖. The norm is summed in fixed lanes and the factor rounded once, so the bits do not depend on the machine. Cost: one pass to look, one more
/// to scale. Source: Pascanu, Mikolov, Bengio, "On the difficulty of training recurrent neural networks" (ICML 2013), algorithm 1.
/// <code>var plan = plan with { Clip = new GradientClip(Norm: 1.0) };</code></remarks>
/// <param name="Norm">Largest norm; null: no bound.</param>
/// <param name="Value">Largest magnitude of a component; null: no bound.</param>
public sealed record GradientClip(double? Norm = null, double? Value = null)
{
    /// <summary>What is wrong with the bounds, or null.</summary>
    public string? Problem() => this switch
    {
        { Norm: null, Value: null } => "clip has neither norm nor value: give one, such as norm 1",
        { Norm: { } n } when !(n > 0 && double.IsFinite(n)) => Text($"clip.norm is {n}: a finite number above 0 is needed, such as 1"),
        { Value: { } v } when !((float)v > 0 && float.IsFinite((float)v)) => Text($"clip.value is {v}: a finite number above 0 is needed, such as 0.5"),
        _ => null,
    };

    /// <summary>Clips a gradient in place.</summary>
    /// <param name="gradient">Finite values.</param>
    /// <param name="norm">Its norm before.</param>
    /// <returns>Whether anything was changed.</returns>
    public bool Apply(Span<float> gradient, out double norm)
    {
        norm = Norms.L2(gradient);
        var rest = norm;
        var isCut = false;
        if (Value is { } most && Norms.LInf(gradient) > (float)most)
        {
            var bound = (float)most;
            foreach (ref var g in gradient)
            {
                g = Math.Clamp(g, -bound, bound);
            }

            isCut = true;
            rest = Norms.L2(gradient);
        }

        if (!(rest > Norm))
        {
            return isCut;
        }

        Scale.By((float)(Norm!.Value / rest), gradient);
        return true;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

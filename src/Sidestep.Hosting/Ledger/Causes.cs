namespace Sidestep.Hosting;

/// <summary>Time by cause, in ticks of 100 ns.</summary>
/// <param name="LateStart">From being given the model to the first work on it, without the time still busy with older work.</param>
/// <param name="Weather">Held up by rehearsed weather.</param>
/// <param name="Compute">Computing.</param>
/// <param name="Upload">From the end of a computation until its share was there.</param>
/// <param name="Away">Dead, until a new session was there.</param>
internal readonly record struct Causes(double LateStart, double Weather, double Compute, double Upload, double Away)
{
    public double Total => LateStart + Weather + Compute + Upload + Away;

    public static Causes operator +(Causes a, Causes b) =>
        new(a.LateStart + b.LateStart, a.Weather + b.Weather, a.Compute + b.Compute, a.Upload + b.Upload, a.Away + b.Away);

    public static Causes operator *(Causes a, double factor) =>
        new(a.LateStart * factor, a.Weather * factor, a.Compute * factor, a.Upload * factor, a.Away * factor);

    /// <summary>What exceeds another's, cause by cause.</summary>
    public Causes Above(Causes usual) => new(
        Math.Max(0, LateStart - usual.LateStart),
        Math.Max(0, Weather - usual.Weather),
        Math.Max(0, Compute - usual.Compute),
        Math.Max(0, Upload - usual.Upload),
        Math.Max(0, Away - usual.Away));
}

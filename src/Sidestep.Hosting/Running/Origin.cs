using System.Globalization;

namespace Sidestep.Hosting;

/// <summary>Where an exported model comes from: texts in its file.</summary>
internal static class Origin
{
    public static IEnumerable<KeyValuePair<string, string>> Of(long round, string trajectoryHash, string? specHash)
    {
        yield return new("producer", "sidestep");
        yield return new("round", round.ToString(CultureInfo.InvariantCulture));
        yield return new("trajectoryHash", trajectoryHash);
        if (specHash is not null)
        {
            yield return new("specHash", specHash);
        }
    }
}

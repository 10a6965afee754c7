using System.Globalization;

namespace Sidestep.Coding;

/// <summary>Codes that are exact up to rounding for every s stragglers: the table, held to that by its certificate.</summary>
internal static class CertifiedCode
{
    /// <summary>Certifies it.</summary>
    /// <param name="name">The name in the catalog.</param>
    /// <param name="table">The table, in float32: the weights it states are the weights.</param>
    /// <param name="stragglers">s.</param>
    /// <param name="most">The most amplification that is accepted.</param>
    /// <param name="nearest">What else to take, for the message.</param>
    /// <exception cref="ConfigurationException">It amplifies rounding more, or leaves a set of workers undecodable in float32.</exception>
    public static ICode<float> Of(string name, CodeTable<float> table, int stragglers, double most, string nearest)
    {
        var classes = new RowClasses(table);
        if (classes.OnlyAdded)
        {
            return new LinearCode(name, classes, new Guarantee(stragglers, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1), Patience.Exact);
        }

        var promised = new Guarantee(stragglers, 0, Exactness.Numeric, SteadyWeights: false, Amplification: 1);
        var certificate = Certificate.Of(new LinearCode(name, classes, promised, Patience.Exact));
        if (!(certificate.Amplification <= most))
        {
            var why = double.IsFinite(certificate.Amplification)
                ? string.Create(CultureInfo.InvariantCulture, $"amplifies rounding by {certificate.Amplification:G4}, more than {most:G4}")
                : "leaves some sets of workers undecodable in float32";
            throw new ConfigurationException($"{name} with {table.Workers} workers and {stragglers} stragglers {why}; use {nearest}");
        }

        return new LinearCode(name, classes, promised with { Amplification = certificate.Amplification }, Patience.Exact);
    }
}

using System.Globalization;

namespace Sidestep.Coding;

/// <summary>A code of your own from nothing but its table: what it promises is measured, not stated.</summary>
/// <remarks>
/// Tables that are only added (every weight 1, rows disjoint or equal) are bit-exact; their stragglers
/// are the least number of workers that send equal rows, on request or not, less one. Other tables are exact up to certified rounding: s is the largest number such that
/// every set of n − s workers decodes (see <see cref="Certificate"/> for how sets are looked at). Cost: up to n certificates.
/// <code>
/// // Two workers, both hold both partitions and send the sum: one may be missing.
/// var table = new CodeTable&lt;float&gt;(2, 2, 1,
///     [new(0, [(0, 1f)]), new(0, [(1, 1f)]), new(1, [(0, 1f)]), new(1, [(1, 1f)])],
///     [new(0, [new(0, 0, 1f), new(1, 0, 1f)]), new(1, [new(2, 0, 1f), new(3, 0, 1f)])]);
/// var code = TableCode.Create("both", table);
/// </code>
/// </remarks>
public static class TableCode
{
    /// <summary>Creates it and measures its promise.</summary>
    /// <param name="name">The name in reports.</param>
    /// <param name="table">Who stores and sends what.</param>
    /// <param name="maxAmplification">The most amplification of rounding that is accepted; lowers the stragglers promised.</param>
    /// <exception cref="ConfigurationException">The table is not sound, or does not decode although everybody answers.</exception>
    public static ICode<float> Create(string name, CodeTable<float> table, double maxAmplification = 1024)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(table);
        var classes = new RowClasses(table);
        return new LinearCode(name, classes, classes.OnlyAdded ? Added(name, classes) : Weighted(name, classes, maxAmplification), Patience.Exact);
    }

    private static Guarantee Added(string name, RowClasses classes)
    {
        var covered = classes.Sizes.Sum();
        if (covered < classes.Cells)
        {
            var missing = Enumerable.Range(0, classes.Cells).First(cell => classes.Coefficients.All(row => row[cell] == 0));
            throw new ConfigurationException(
                $"code {name}: nobody sends partition {missing % classes.Table.Partitions} (block {missing / classes.Table.Partitions}); every partition must be in a row");
        }

        var stragglers = classes.RowsOf.Min(rows => rows.Select(r => classes.Table.Rows[r].Worker).Distinct().Count()) - 1;
        return new Guarantee(stragglers, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1);
    }

    private static Guarantee Weighted(string name, RowClasses classes, double most)
    {
        Certificate? best = null;
        var workers = classes.Table.Workers;
        for (var stragglers = 0; stragglers < workers; stragglers++)
        {
            var certificate = Certificate.Search(workers, workers - stragglers, set => Certificate.Gain(classes, set));
            if (!(certificate.Amplification <= most))
            {
                return best is not null
                    ? new Guarantee(stragglers - 1, 0, Exactness.Numeric, SteadyWeights: false, best.Amplification)
                    : throw new ConfigurationException(double.IsFinite(certificate.Amplification)
                        ? string.Create(CultureInfo.InvariantCulture, $"code {name} amplifies rounding by {certificate.Amplification:G4} although everybody answers, more than {most:G4}")
                        : $"code {name} does not decode although everybody answers: no weights of its rows add up to every partition once");
            }

            best = certificate;
        }

        return new Guarantee(workers - 1, 0, Exactness.Numeric, SteadyWeights: false, best!.Amplification);
    }
}

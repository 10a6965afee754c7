using System.Collections.Immutable;

namespace Sidestep.Coding;

/// <summary>Groups of workers that all send the same sum: one answer per group is enough.</summary>
/// <remarks>
/// ⌊n/(s+1)⌋ groups of s+1 or more workers, sizes as equal as possible, each holding as many partitions as it has workers (for (s+1) | n the published
/// code, else our generalization). Law: exact, bit for bit, iff every group is hit, hence for any s stragglers and for most larger sets:
/// P(decodable) = ∏(1 − q^size) for independent stragglers. Cost: group size partitions and p values per worker; groups · p additions to decode.
/// Source: Tandon, Lei, Dimakis, Karampatziakis, "Gradient Coding: Avoiding Stragglers in Distributed Learning", ICML 2017, section 3.
/// <code>var code = FractionalRepetitionCode.Create(workers: 12, stragglers: 2);</code>
/// </remarks>
public static class FractionalRepetitionCode
{
    /// <summary>The name in the catalog.</summary>
    public const string Name = "fractional-repetition";

    /// <summary>Creates it.</summary>
    /// <param name="workers">n, at least 1.</param>
    /// <param name="stragglers">s, 0 to n − 1.</param>
    /// <exception cref="ConfigurationException">A parameter is out of range.</exception>
    public static ICode<float> Create(int workers, int stragglers)
    {
        CodeArguments.Stragglers(Name, workers, stragglers);
        var items = ImmutableArray.CreateBuilder<Item<float>>();
        var rows = ImmutableArray.CreateBuilder<Row<float>>(workers);
        var groups = workers / (stragglers + 1);
        for (var group = 0; group < groups; group++)
        {
            var first = (int)((long)group * workers / groups);
            var next = (int)((long)(group + 1) * workers / groups);
            for (var worker = first; worker < next; worker++)
            {
                var terms = ImmutableArray.CreateBuilder<Term<float>>(next - first);
                for (var partition = first; partition < next; partition++)
                {
                    terms.Add(new Term<float>(items.Count, 0, 1f));
                    items.Add(new Item<float>(worker, [(partition, 1f)]));
                }

                rows.Add(new Row<float>(worker, terms.MoveToImmutable()));
            }
        }

        var table = new CodeTable<float>(workers, workers, Blocks: 1, items.ToImmutable(), rows.MoveToImmutable());
        // The smallest group decides how many stragglers every set of that size is survived with.
        var guarantee = new Guarantee((workers / groups) - 1, 0, Exactness.BitExact, SteadyWeights: true, Amplification: 1);
        return new LinearCode(Name, new RowClasses(table), guarantee, Patience.Exact);
    }
}

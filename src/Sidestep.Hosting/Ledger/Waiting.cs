namespace Sidestep.Hosting;

/// <summary>Splits time that was waited among those who were waited for.</summary>
internal static class Waiting
{
    /// <summary>Adds to each member its part of the time between two instants: every moment is shared equally by those that come after it.</summary>
    /// <remarks>
    /// The parts sum to the time in which anybody was outstanding, equals get equal parts, and who comes before <paramref name="from"/> gets none.
    /// Source: the Shapley value of the airport game, Littlechild and Owen, Management Science 20 (1973), theorem 1, applied to the time after <paramref name="from"/>.
    /// Cost: a sort, n log n.
    /// </remarks>
    /// <param name="arrivals">When each member came; infinite: not at all. Sorted by this call.</param>
    /// <param name="members">The members, in the order of <paramref name="arrivals"/>; permuted with it.</param>
    /// <param name="from">Where the time begins.</param>
    /// <param name="until">Where it ends.</param>
    /// <param name="parts">By member; added to.</param>
    public static void Split(Span<double> arrivals, Span<int> members, double from, double until, Span<double> parts)
    {
        arrivals.Sort(members);
        double share = 0, at = from;
        for (var i = 0; i < arrivals.Length; i++)
        {
            var end = Math.Min(arrivals[i], until);
            if (end > at)
            {
                share += (end - at) / (arrivals.Length - i);
                at = end;
            }

            parts[members[i]] += share;
        }
    }
}

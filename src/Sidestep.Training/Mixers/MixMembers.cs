using System.Globalization;

namespace Sidestep.Training;

/// <summary>What all mixers ask of a round.</summary>
internal static class MixMembers
{
    /// <summary>Checks a round against a vector, for the hub and for members.</summary>
    /// <param name="round">The round.</param>
    /// <param name="length">The length the session was opened for.</param>
    /// <param name="vector">The vector to mix.</param>
    /// <exception cref="ArgumentException">Members are missing or not ascending, the attempt is negative, or the vector has another length.</exception>
    public static void Check(in MixRound round, int length, ReadOnlyMemory<float> vector)
    {
        VectorChecks.Length(length, vector.Length);
        var members = round.Members.Span;
        if (members.IsEmpty)
        {
            throw new ArgumentException($"round {round.Number} has no members to mix", nameof(round));
        }

        for (var i = 1; i < members.Length; i++)
        {
            if (members[i] <= members[i - 1])
            {
                throw new ArgumentException($"members must ascend: {members[i]} follows {members[i - 1]}", nameof(round));
            }
        }

        if (round.Attempt < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(round), round.Attempt, "attempts count from 0");
        }
    }

    /// <summary>Position of a node among the members; checks its weight too.</summary>
    /// <param name="round">The round.</param>
    /// <param name="id">The node.</param>
    /// <exception cref="ArgumentException">It is not a member, or its weight is no weight.</exception>
    public static int Place(in MixRound round, int id)
    {
        if (!(round.Weight > 0) || !double.IsFinite(round.Weight))
        {
            throw new ArgumentOutOfRangeException(
                nameof(round), string.Create(CultureInfo.InvariantCulture, $"the weight {round.Weight} of a member must be finite and greater than 0"));
        }

        var place = round.Members.Span.BinarySearch(id);
        return place >= 0
            ? place
            : throw new ArgumentException($"node {id} is not a member of round {round.Number}", nameof(round));
    }
}

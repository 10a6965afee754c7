namespace Sidestep.Training;

/// <summary>Who sends which chunk when, for one member of a ring.</summary>
/// <remarks>In step t a member sends chunk place − t and receives chunk place − t − 1 (modulo the members), which it sends in the next step.
/// After half the steps what it receives is final.</remarks>
/// <param name="Place">Position in the ring.</param>
/// <param name="Count">Members of the ring.</param>
/// <param name="Length">Elements of the vector.</param>
internal readonly record struct RingPlan(int Place, int Count, int Length)
{
    /// <summary>Most members: the step has 16 bits of the row.</summary>
    public const int MostMembers = 1 << 15;

    /// <summary>Most attempts of a round: the attempt has 15 bits of the row.</summary>
    public const int MostAttempts = 1 << 15;

    /// <summary>Steps of a mix.</summary>
    public int Steps => 2 * (Count - 1);

    /// <summary>Position of the member that is sent to.</summary>
    public int Next => (Place + 1) % Count;

    /// <summary>Position of the member that is heard.</summary>
    public int Previous => (Place + Count - 1) % Count;

    /// <summary>Row of a step's messages.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="step">The step.</param>
    public static int Row(int attempt, int step) => (attempt << 16) | step;

    /// <summary>Range of the chunk received in a step; −1: the member's own first chunk.</summary>
    /// <param name="step">The step.</param>
    public Range Received(int step)
    {
        var chunk = (((Place - step - 1) % Count) + Count) % Count;
        return Boundary(chunk)..Boundary(chunk + 1);
    }

    /// <summary>Whether what is received in a step is averaged with the member's own chunk (else it is final).</summary>
    /// <param name="step">The step.</param>
    public bool Averages(int step) => step < Count - 1;

    /// <summary>Whether averaging in this step makes the chunk final.</summary>
    /// <param name="step">The step.</param>
    public bool Finishes(int step) => step == Count - 2;

    private int Boundary(int chunk) => (int)((long)Length * chunk / Count);
}

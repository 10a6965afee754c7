namespace Sidestep.Hosting;

/// <summary>A kind that a user may look for and that is left out for a reason; the message says it.</summary>
/// <param name="kind">The name as one would write it.</param>
/// <param name="reason">Why, and what to use.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
internal sealed class NotOfferedAttribute(string kind, string reason) : Attribute
{
    /// <summary>The name as one would write it.</summary>
    public string Kind => kind;

    /// <summary>Why it is not offered, and what to use.</summary>
    public string Reason => reason;
}

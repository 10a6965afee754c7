using System.Globalization;

namespace Sidestep;

/// <summary>How people call a node.</summary>
public static class NodeName
{
    /// <summary><c>coordinator</c> or <c>slot 3</c>.</summary>
    /// <param name="id">The slot, or <see cref="Slots.Coordinator"/>.</param>
    public static string Of(int id) =>
        id == Slots.Coordinator ? "coordinator" : string.Create(CultureInfo.InvariantCulture, $"slot {id}");
}

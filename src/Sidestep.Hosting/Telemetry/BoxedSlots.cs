namespace Sidestep.Hosting;

/// <summary>Slot numbers as objects, made once each: tags of measurements take objects.</summary>
internal static class BoxedSlots
{
    private const int Most = 4096;

    private static readonly object?[] Boxes = new object?[Most];

    public static object Of(int slot) => (uint)slot < Most ? Boxes[slot] ??= slot : slot;
}

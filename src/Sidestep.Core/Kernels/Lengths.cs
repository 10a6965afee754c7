namespace Sidestep;

/// <summary>Length checks that all kernels share.</summary>
internal static class Lengths
{
    public static void AtLeast(int needed, int actual, string name)
    {
        if (actual < needed)
        {
            throw new ArgumentException($"{name} has {actual} elements, {needed} are needed", name);
        }
    }

    public static void Equal(int expected, int actual, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{name} has {actual} elements, it must have {expected}", name);
        }
    }
}

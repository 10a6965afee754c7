namespace Sidestep.Training;

/// <summary>How the values of a data row lie for a network with several channels.</summary>
public enum InputOrder
{
    /// <summary>Position by position, all channels of one next to each other: as a network computes.</summary>
    Interleaved = 0,

    /// <summary>Channel by channel, all positions of one next to each other, as CIFAR-10 stores pictures.</summary>
    Planes = 1,
}

namespace Sidestep.Training;

/// <summary>How the values of a data row lie for a network with several channels.</summary>
public enum InputOrder
{
    /// <summary>Channel by channel, all positions of one next to each other, as data sets of pictures are here.</summary>
    Planes = 0,

    /// <summary>Position by position, all channels of one next to each other: as a network computes.</summary>
    Interleaved = 1,
}

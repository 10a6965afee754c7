namespace Sidestep.Training;

/// <summary>What moves the model of an asynchronous run. A run has one policy, so no version of the model ever sees both.</summary>
public enum AsyncPolicy
{
    /// <summary>Every share, on its own arrival, times fixed weights.</summary>
    Immediate = 0,

    /// <summary>Every version, once its shares are decoded; several versions are computed at the same time.</summary>
    Round = 1,
}

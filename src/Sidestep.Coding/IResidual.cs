namespace Sidestep.Coding;

/// <summary>How far the arrivals of a round are from the wanted sums, kept up to date without planning or allocation.</summary>
internal interface IResidual
{
    /// <summary>Starts a round.</summary>
    void Clear();

    /// <summary>A new class has arrived.</summary>
    void Add(int number);

    /// <summary>Squared residual of one block.</summary>
    double Squared(int block);

    /// <summary>Whether a squared residual of exactly 0 is a proof, or needs a plan.</summary>
    bool IsExact { get; }
}

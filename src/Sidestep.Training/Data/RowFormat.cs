namespace Sidestep.Training;

/// <summary>How rows lie in a data set's storage.</summary>
public enum RowFormat
{
    /// <summary>One byte a feature, read as byte × (1/255): pictures.</summary>
    Bytes,

    /// <summary>One float a feature.</summary>
    Floats,

    /// <summary>Only the non-zeros (CSR).</summary>
    Sparse,

    /// <summary>Windows over one sequence of tokens, which is stored once however much they overlap: text.</summary>
    Windows,
}

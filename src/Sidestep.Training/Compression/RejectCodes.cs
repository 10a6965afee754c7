namespace Sidestep.Training;

/// <summary>Stable codes of refused messages.</summary>
internal static class RejectCodes
{
    /// <summary>The frame itself is wrong: magic, version, codec, lengths, checksum, trailing bytes.</summary>
    public const string Codec = "E_CODEC";

    /// <summary>The frame is sound but not a canonical sparse vector: too many elements, an index out of range, padding, a value that is zero or not finite.</summary>
    public const string Sparse = "E_SPARSE";
}

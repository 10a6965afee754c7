namespace Sidestep.Runtime;

/// <summary>Why a frame or a session was refused; one stable code per cause.</summary>
public enum RejectCode
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>E_MAGIC: these are not frames of ours.</summary>
    Magic = 1,

    /// <summary>E_HDR_CRC: the header is damaged.</summary>
    HeaderChecksum = 2,

    /// <summary>E_VERSION: no common protocol version.</summary>
    Version = 3,

    /// <summary>E_TYPE: the frame type does not exist.</summary>
    Type = 4,

    /// <summary>E_RESERVED: a reserved bit or field is set.</summary>
    Reserved = 5,

    /// <summary>E_LEN: the length is not one we expect.</summary>
    Length = 6,

    /// <summary>E_BODY_CRC: the payload is damaged.</summary>
    BodyChecksum = 7,

    /// <summary>E_CHUNK: chunks out of order, or of different messages.</summary>
    Chunk = 8,

    /// <summary>E_DIRECTION: a frame of the other direction.</summary>
    Direction = 9,

    /// <summary>E_SEQ: a gap or a repeat in the sequence of a session.</summary>
    Sequence = 10,

    /// <summary>E_STATE: not in this state of the session.</summary>
    State = 11,

    /// <summary>E_FENCED: of another life of the coordinator.</summary>
    Generation = 12,

    /// <summary>E_EPOCH: of another code table.</summary>
    Epoch = 13,

    /// <summary>E_IDENTITY: names another slot than the session's.</summary>
    Identity = 14,

    /// <summary>E_JOB: of another run.</summary>
    Job = 15,

    /// <summary>E_HELLO: the hello cannot be read.</summary>
    Hello = 16,

    /// <summary>E_AUTH_TOKEN: the proof of the secret is wrong.</summary>
    Authentication = 17,

    /// <summary>E_SLOT_BUSY: the slot has a live session.</summary>
    SlotBusy = 18,

    /// <summary>E_MISMATCH: spec hashes differ.</summary>
    Mismatch = 19,

    /// <summary>E_NUMERIC_CLASS: arithmetic differs.</summary>
    NumericClass = 20,

    /// <summary>E_FULL: no such slot.</summary>
    Full = 21,
}

/// <summary>Names and sentences of reject codes.</summary>
public static class RejectCodes
{
    /// <summary>The stable name, such as <c>E_MAGIC</c>.</summary>
    /// <param name="code">The code.</param>
    public static string Name(RejectCode code) => code switch
    {
        RejectCode.None => "OK",
        RejectCode.HeaderChecksum => "E_HDR_CRC",
        RejectCode.BodyChecksum => "E_BODY_CRC",
        RejectCode.Length => "E_LEN",
        RejectCode.Sequence => "E_SEQ",
        RejectCode.Generation => "E_FENCED",
        RejectCode.Authentication => "E_AUTH_TOKEN",
        RejectCode.SlotBusy => "E_SLOT_BUSY",
        RejectCode.NumericClass => "E_NUMERIC_CLASS",
        _ => "E_" + code.ToString().ToUpperInvariant(),
    };
}

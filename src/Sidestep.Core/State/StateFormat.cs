using System.Runtime.CompilerServices;

namespace Sidestep;

/// <summary>The layout that state files and state messages share.</summary>
/// <remarks>Magic with version (8 bytes), then arrays: name length (u16, 0 ends the list), name (UTF-8), type code (u8), element size (u8),
/// element count (i32), elements in memory order, little-endian. One value has one encoding.</remarks>
internal static class StateFormat
{
    public const int MaxNameBytes = 1024;
    public const int HeadBytes = 6;
    public const string Truncated = "E_STATE_TRUNCATED";
    public const string WrongMagic = "E_STATE_MAGIC";
    public const string WrongHash = "E_STATE_HASH";
    public const string WrongName = "E_STATE_NAME";
    public const string WrongType = "E_STATE_TYPE";
    public const string WrongLength = "E_STATE_LENGTH";
    public const string Trailing = "E_STATE_TRAILING";

    /// <summary>"sidestp" and the version's digit.</summary>
    public static ReadOnlySpan<byte> Magic => "sidestp1"u8;

    /// <summary>A code for the scalar types; 0 for every other struct, of which only the size is checked.</summary>
    public static byte Code<T>()
        where T : unmanaged => Type.GetTypeCode(typeof(T).IsEnum ? Enum.GetUnderlyingType(typeof(T)) : typeof(T)) switch
        {
            TypeCode.Byte => 1,
            TypeCode.SByte => 2,
            TypeCode.Int16 => 3,
            TypeCode.UInt16 => 4,
            TypeCode.Int32 => 5,
            TypeCode.UInt32 => 6,
            TypeCode.Int64 => 7,
            TypeCode.UInt64 => 8,
            TypeCode.Single => 9,
            TypeCode.Double => 10,
            TypeCode.Boolean => 11,
            TypeCode.Char => 12,
            _ => 0,
        };

    /// <summary>The size of an element; one byte holds it.</summary>
    public static byte Size<T>()
        where T : unmanaged => checked((byte)Unsafe.SizeOf<T>());
}

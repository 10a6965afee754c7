using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>Types and ranges of single values in a spec.</summary>
internal static class SpecLimits
{
    /// <summary>The first attribute of a kind on a property.</summary>
    public static T? Of<T>(JsonPropertyInfo? property)
        where T : Attribute =>
        property?.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).OfType<T>().FirstOrDefault();

    /// <summary>A type, for people.</summary>
    public static string Named(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => "a text in quotes",
        TypeCode.Boolean => "true or false",
        TypeCode.Double or TypeCode.Single => "a finite number",
        TypeCode.UInt64 => "a whole number from 0 to 2^64 - 1",
        TypeCode.Int32 => "a whole number below 2^31",
        _ => "a whole number",
    };

    /// <summary>Whether it is one of the types that built-in specs are made of.</summary>
    public static bool IsPlain(Type type) => !type.IsEnum && Type.GetTypeCode(type)
        is TypeCode.String or TypeCode.Boolean or TypeCode.Double or TypeCode.Single or TypeCode.Int32 or TypeCode.Int64 or TypeCode.UInt64;

    /// <summary>Whether the value can be one of the type.</summary>
    public static bool Fits(in Utf8JsonReader reader, Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.String => reader.TokenType == JsonTokenType.String,
        TypeCode.Boolean => reader.TokenType is JsonTokenType.True or JsonTokenType.False,
        TypeCode.Double => reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var d) && double.IsFinite(d),
        TypeCode.Single => reader.TokenType == JsonTokenType.Number && reader.TryGetSingle(out var f) && float.IsFinite(f),
        TypeCode.Int32 => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _),
        TypeCode.Int64 => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _),
        TypeCode.UInt64 => reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out _),
        _ => throw new NotSupportedException($"specs hold no {type.Name}"),
    };

    /// <summary>The rule a value of the right type breaks, or null.</summary>
    public static string? Broken(in Utf8JsonReader reader, Type type, JsonPropertyInfo? property)
    {
        if (type == typeof(string))
        {
            var text = reader.GetString()!;
            return Of<AllowedValuesAttribute>(property) is { } allowed && !allowed.Values.Contains(text)
                ? Nearest.Clause(text, allowed.Values.Cast<string>())
                : null;
        }

        if (type == typeof(bool) || Of<RangeAttribute>(property) is not { } range)
        {
            return null;
        }

        var (least, most) = (Number(range.Minimum), Number(range.Maximum));
        var value = reader.GetDouble();
        return value >= least && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"it must be from {least} to {most}");
    }

    private static double Number(object limit) => Convert.ToDouble(limit, CultureInfo.InvariantCulture);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>How a program's own parameter types are read: camel-case keys, enums as kebab-case words, nothing unknown, nothing missing.</summary>
internal static class OwnJson
{
    private static readonly JsonSerializerOptions Options = Create();

    /// <summary>What a type's object must be.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    /// <summary>Reads a spec's further keys.</summary>
    /// <exception cref="ConfigurationException">They are not what the type wants; specs are checked before, with line numbers.</exception>
    public static T Read<T>(JsonElement parameters, JsonTypeInfo<T> type)
    {
        try
        {
            return parameters.Deserialize(type) ?? throw new JsonException("there is nothing");
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new ConfigurationException($"the keys {parameters.GetRawText()} are not those of {typeof(T).Name}: {error.Message}");
        }
    }

    /// <summary>An enum's value as written in specs.</summary>
    public static string Named(string value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value);

    // With a resolver named, since file-based programs switch the default one off.
    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.MakeReadOnly();
        return options;
    }
}

using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sidestep.Hosting;

/// <summary>Holds JSON text against the spec types and says where it differs: path, line, and the nearest valid choice.</summary>
/// <param name="Source">Where the text came from, for messages.</param>
/// <param name="Own">What the program registered beside the built-in kinds.</param>
/// <param name="Lines">Whether line numbers mean something to the reader of the message.</param>
internal sealed record SpecCheck(string Source, OwnParts Own, bool Lines = true)
{
    /// <summary>What the whole text is called in messages.</summary>
    public string Whole { get; init; } = "the spec";

    private const int MostDepth = 16;

    /// <summary>Checks syntax, keys, types and ranges.</summary>
    /// <param name="json">The text.</param>
    /// <param name="type">What it must be.</param>
    /// <exception cref="ConfigurationException">The first difference.</exception>
    public void Check(ReadOnlySpan<byte> json, JsonTypeInfo type)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            reader.Read();
            Value(ref reader, json, type, null, string.Empty);
            reader.Read();
        }
        catch (JsonException error)
        {
            throw Syntax(error);
        }
        catch (InvalidOperationException)
        {
            throw new ConfigurationException($"{Source}: the text is not valid UTF-8");
        }
    }

    private void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo type, JsonPropertyInfo? property, string path)
    {
        var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        if (bare != type.Type)
        {
            type = type.Options.GetTypeInfo(bare);
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                Object(ref reader, json, type, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                List(ref reader, json, type, property, path);
                break;
            default:
                Scalar(ref reader, json, type, property, path);
                break;
        }
    }

    private void Object(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo type, string path)
    {
        var at = Where(reader, json, path);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new ConfigurationException($"{at} is {Shown(reader)}; it must be an object in braces");
        }

        var kind = type.PolymorphismOptions?.TypeDiscriminatorPropertyName;
        var known = kind is null ? type : Derived(reader, json, type, path);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            var place = Where(reader, json, Join(path, key));
            if (!seen.Add(key))
            {
                throw new ConfigurationException($"{place} is there a second time; a key may be there once");
            }

            var property = known?.Properties.FirstOrDefault(p => p.Name == key);
            reader.Read();
            if (key == kind || known is null)
            {
                reader.Skip();
                continue;
            }

            if (property is null)
            {
                var keys = known.Properties.Select(p => p.Name);
                throw new ConfigurationException($"{place} is not a known key; {Nearest.Clause(key, kind is null ? keys : keys.Prepend(kind))}");
            }

            Value(ref reader, json, known.Options.GetTypeInfo(property.PropertyType), property, Join(path, key));
        }

        Missing(known, seen, at);
    }

    // The type a kind stands for, null if it takes any keys: looks ahead for the key that names it.
    private JsonTypeInfo? Derived(Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo type, string path)
    {
        var options = type.PolymorphismOptions!;
        var (key, at) = (options.TypeDiscriminatorPropertyName, Where(reader, json, path));
        var own = Own.KindsOf(type.Type);
        var kinds = options.DerivedTypes.Select(d => (string)d.TypeDiscriminator!).Concat(own.Select(k => k.Name)).ToArray();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(key);
            reader.Read();
            if (found && reader.TokenType == JsonTokenType.String)
            {
                var kind = reader.GetString()!;
                if (own.FirstOrDefault(k => k.Name == kind) is { } registered)
                {
                    return registered.Parameters;
                }

                var match = options.DerivedTypes.FirstOrDefault(d => kind.Equals(d.TypeDiscriminator));
                return match.DerivedType is { } derived
                    ? type.Options.GetTypeInfo(derived)
                    : throw new ConfigurationException($"{Where(reader, json, Join(path, key))} is '{kind}'; {Instead(type.Type, kind, kinds)}");
            }

            reader.Skip();
        }

        throw new ConfigurationException($"{at} needs the key '{key}' with one of: {string.Join(", ", kinds)}");
    }

    private static string Instead(Type type, string kind, IEnumerable<string> kinds) =>
        type.GetCustomAttributes<NotOfferedAttribute>(inherit: false).FirstOrDefault(n => n.Kind == kind) is { } left
            ? $"it is not offered: {left.Reason}"
            : Nearest.Clause(kind, kinds);

    private static void Missing(JsonTypeInfo? type, HashSet<string> seen, string at)
    {
        foreach (var property in type?.Properties ?? [])
        {
            var isNeeded = property.AssociatedParameter is { HasDefaultValue: false } || property.IsRequired;
            if (isNeeded && !seen.Contains(property.Name))
            {
                throw new ConfigurationException($"{at} needs the key '{property.Name}'");
            }
        }
    }

    private void List(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo type, JsonPropertyInfo? property, string path)
    {
        var at = Where(reader, json, path);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new ConfigurationException($"{at} is {Shown(reader)}; it must be a list in brackets");
        }

        var count = 0;
        var element = type.Options.GetTypeInfo(type.ElementType!);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Value(ref reader, json, element, property, string.Create(CultureInfo.InvariantCulture, $"{path}[{count++}]"));
        }

        if (SpecLimits.Of<LengthAttribute>(property) is { } length && (count < length.MinimumLength || count > length.MaximumLength))
        {
            throw new ConfigurationException($"{at} has {count} entries; it must have {length.MinimumLength} to {length.MaximumLength}");
        }
    }

    private void Scalar(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo info, JsonPropertyInfo? property, string path)
    {
        var type = info.Type;
        if (!SpecLimits.IsPlain(type))
        {
            Other(ref reader, json, info, path);
            return;
        }

        if (!SpecLimits.Fits(reader, type))
        {
            throw new ConfigurationException($"{Where(reader, json, path)} is {Shown(reader)}; it must be {SpecLimits.Named(type)}");
        }

        if (SpecLimits.Broken(reader, type, property) is { } rule)
        {
            throw new ConfigurationException($"{Where(reader, json, path)} is {Shown(reader)}; {rule}");
        }
    }

    // Types that only a program's own parameters have: whether the value can be read is tried out.
    private void Other(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo info, string path)
    {
        var (at, shown) = (Where(reader, json, path), Shown(reader));
        try
        {
            _ = JsonSerializer.Deserialize(ref reader, info);
        }
        catch (JsonException)
        {
            var names = info.Type.IsEnum ? $"; choices: {string.Join(", ", Enum.GetNames(info.Type).Select(OwnJson.Named))}" : string.Empty;
            throw new ConfigurationException($"{at} is {shown}; it must be a {info.Type.Name}{names}");
        }
    }

    private string Where(in Utf8JsonReader reader, ReadOnlySpan<byte> json, string path)
    {
        var name = path.Length == 0 ? Whole : path;
        if (!Lines)
        {
            return $"{Source}: {name}";
        }

        var line = 1 + json[..(int)reader.TokenStartIndex].Count((byte)'\n');
        return string.Create(CultureInfo.InvariantCulture, $"{Source}, line {line}: {name}");
    }

    private static string Shown(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"'{reader.GetString()}'",
        _ => Encoding.UTF8.GetString(reader.ValueSpan),
    };

    private static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private ConfigurationException Syntax(JsonException error)
    {
        var text = error.Message;
        var cut = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        text = (cut < 0 ? text : text[..cut]).Replace(" Change the reader options.", string.Empty, StringComparison.Ordinal);
        return new ConfigurationException(string.Create(
            CultureInfo.InvariantCulture, $"{Source}, line {1 + (error.LineNumber ?? 0)}: not valid JSON: {text}"));
    }
}

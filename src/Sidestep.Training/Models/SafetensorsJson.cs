using System.Collections.Immutable;
using System.Text.Json;

namespace Sidestep.Training;

/// <summary>Reads the JSON of a safetensors header, strictly: every key once, nothing that the format does not know.</summary>
internal static class SafetensorsJson
{
    public const string Syntax = "E_SAFETENSORS_HEADER";
    public const string Layout = "E_SAFETENSORS_LAYOUT";
    public const string Type = "E_SAFETENSORS_DTYPE";

    private const int MostDepth = 4;
    private const int MostDimensions = 32;

    public static (IReadOnlyList<Entry> Tensors, ImmutableSortedDictionary<string, string> Metadata) Read(ReadOnlySpan<byte> header)
    {
        if (header.IsEmpty || header[0] != (byte)'{')
        {
            throw new MalformedException(Syntax, "the header does not begin with a brace: the file is no safetensors file");
        }

        var tensors = new List<Entry>();
        var metadata = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Once(reader, names, "the header");
                reader.Read();
                if (name == SafetensorsHeader.Metadata)
                {
                    ReadMetadata(ref reader, metadata);
                }
                else
                {
                    tensors.Add(ReadTensor(ref reader, name));
                }
            }

            // The reader complains if anything but white space follows.
            reader.Read();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new MalformedException(Syntax, $"the header is not valid JSON in UTF-8: {error.Message}");
        }

        return tensors.Count > 0
            ? (tensors, metadata.ToImmutable())
            : throw new MalformedException(Syntax, "the file holds no tensors");
    }

    private static string Once(in Utf8JsonReader reader, HashSet<string> names, string where)
    {
        var name = reader.GetString()!;
        return names.Add(name) ? name : throw new MalformedException(Syntax, $"{where} names '{name}' twice");
    }

    private static void ReadMetadata(ref Utf8JsonReader reader, ImmutableSortedDictionary<string, string>.Builder metadata)
    {
        Expect(reader, JsonTokenType.StartObject, SafetensorsHeader.Metadata);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Once(reader, keys, SafetensorsHeader.Metadata);
            reader.Read();
            Expect(reader, JsonTokenType.String, $"{SafetensorsHeader.Metadata}.{key}");
            metadata.Add(key, reader.GetString()!);
        }
    }

    private static Entry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        Expect(reader, JsonTokenType.StartObject, name);
        string? type = null;
        ImmutableArray<long>? dimensions = null;
        ImmutableArray<long>? offsets = null;
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = Once(reader, keys, name);
            reader.Read();
            switch (key)
            {
                case "dtype":
                    Expect(reader, JsonTokenType.String, $"{name}.dtype");
                    type = reader.GetString();
                    break;
                case "shape":
                    dimensions = Numbers(ref reader, $"{name}.shape");
                    break;
                case "data_offsets":
                    offsets = Numbers(ref reader, $"{name}.data_offsets");
                    break;
                default:
                    throw new MalformedException(Syntax, $"{name} has the unknown key '{key}'; known are dtype, shape and data_offsets");
            }
        }

        return type is not null && dimensions is { } sizes && offsets is [var begin, var end]
            ? new Entry(name, type, sizes, begin, end)
            : throw new MalformedException(Syntax, $"{name} needs dtype, shape and data_offsets with two numbers");
    }

    private static ImmutableArray<long> Numbers(ref Utf8JsonReader reader, string where)
    {
        Expect(reader, JsonTokenType.StartArray, where);
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0 || numbers.Count == MostDimensions)
            {
                throw new MalformedException(Syntax, $"{where} must hold at most {MostDimensions} whole numbers from 0 to 2^63 - 1");
            }

            numbers.Add(number);
        }

        return numbers.ToImmutable();
    }

    private static void Expect(in Utf8JsonReader reader, JsonTokenType type, string where)
    {
        if (reader.TokenType != type)
        {
            throw new MalformedException(Syntax, $"{where} is a JSON {reader.TokenType}, not a {type}");
        }
    }

    /// <summary>A tensor as the header describes it; nothing of it is checked but its form.</summary>
    internal readonly record struct Entry(string Name, string Type, ImmutableArray<long> Dimensions, long Begin, long End);
}

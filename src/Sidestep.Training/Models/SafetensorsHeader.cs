using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sidestep.Training;

/// <summary>The JSON header of a safetensors file: names, dimensions and places of tensors, and texts.</summary>
/// <remarks>Written in one way only: metadata first, its keys sorted; then the tensors in the order of the shape, without gaps; no spaces but those
/// that pad the header to a multiple of 8 bytes. Source: the format description of the safetensors project, version 0.4.</remarks>
internal static class SafetensorsHeader
{
    public const int LengthBytes = 8;
    public const long MostBytes = 100_000_000;
    public const string Metadata = "__metadata__";
    public const string ElementType = "F32";

    // Names and texts stay readable; nothing here is ever put into a web page unescaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The header of a model of float32 tensors, padded; without the length in front.</summary>
    public static byte[] Write(ModelShape shape, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long at = 0;
            foreach (var tensor in shape.Tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype"u8, ElementType);
                WriteNumbers(json, "shape", tensor.Dimensions.Select(d => (long)d));
                var end = at + ((long)tensor.Length * sizeof(float));
                WriteNumbers(json, "data_offsets", [at, end]);
                json.WriteEndObject();
                at = end;
            }

            json.WriteEndObject();
        }

        var header = new byte[(buffer.WrittenCount + LengthBytes - 1) / LengthBytes * LengthBytes];
        buffer.WrittenSpan.CopyTo(header);
        header.AsSpan(buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    /// <summary>Reads a header and checks that its tensors fill the data exactly.</summary>
    /// <param name="header">The header's bytes.</param>
    /// <param name="dataBytes">Bytes behind it.</param>
    /// <returns>The tensors in the order of their data, and the texts.</returns>
    /// <exception cref="MalformedException">It is anything but a header of float32 tensors over exactly these bytes.</exception>
    public static (ModelShape Shape, ImmutableSortedDictionary<string, string> Metadata) Read(ReadOnlySpan<byte> header, long dataBytes)
    {
        if (dataBytes / sizeof(float) > Array.MaxLength)
        {
            throw new MalformedException(
                SafetensorsJson.Layout, $"there are {dataBytes} bytes of data; a model has at most {Array.MaxLength} parameters");
        }

        var parsed = SafetensorsJson.Read(header);
        var tensors = ImmutableArray.CreateBuilder<TensorShape>(parsed.Tensors.Count);
        long at = 0;
        foreach (var tensor in parsed.Tensors.OrderBy(t => t.Begin).ThenBy(t => t.End))
        {
            if (tensor.Begin != at)
            {
                throw new MalformedException(
                    SafetensorsJson.Layout,
                    $"tensor '{tensor.Name}' begins at byte {tensor.Begin} of the data, {(tensor.Begin < at ? "inside another one" : "behind a hole")}: {at} is expected");
            }

            tensors.Add(Checked(tensor, dataBytes));
            at = tensor.End;
        }

        return at == dataBytes
            ? (new ModelShape(tensors.ToImmutable()), parsed.Metadata)
            : throw new MalformedException(SafetensorsJson.Layout, $"the tensors take {at} bytes, but there are {dataBytes} bytes of data");
    }

    private static TensorShape Checked(in SafetensorsJson.Entry tensor, long dataBytes)
    {
        if (tensor.Type != ElementType)
        {
            throw new MalformedException(
                SafetensorsJson.Type, $"tensor '{tensor.Name}' has elements of type {tensor.Type}; only {ElementType} is read, so convert it first");
        }

        if (tensor.End < tensor.Begin || tensor.End > dataBytes)
        {
            throw new MalformedException(
                SafetensorsJson.Layout, $"tensor '{tensor.Name}' lies at bytes {tensor.Begin} to {tensor.End} of {dataBytes} bytes of data");
        }

        var elements = 1L;
        foreach (var size in tensor.Dimensions)
        {
            if (size is < 1 or > int.MaxValue || (elements *= size) > int.MaxValue / sizeof(float))
            {
                throw new MalformedException(
                    SafetensorsJson.Layout,
                    $"tensor '{tensor.Name}' is {string.Join('×', tensor.Dimensions)}; every size must be at least 1 and a tensor have at most {int.MaxValue / sizeof(float)} elements");
            }
        }

        if (elements * sizeof(float) != tensor.End - tensor.Begin)
        {
            throw new MalformedException(
                SafetensorsJson.Layout,
                $"tensor '{tensor.Name}' of {elements} elements has {tensor.End - tensor.Begin} bytes; {elements * sizeof(float)} are expected");
        }

        // A scalar is a vector of one element here.
        return new TensorShape(tensor.Name, tensor.Dimensions.IsEmpty ? [1] : [.. tensor.Dimensions.Select(d => (int)d)]);
    }

    private static void WriteMetadata(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var sorted = metadata.OrderBy(p => p.Key, StringComparer.Ordinal).ToArray();
        if (sorted.Length == 0)
        {
            return;
        }

        json.WriteStartObject(Metadata);
        foreach (var (key, value) in sorted)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }
}

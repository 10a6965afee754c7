using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Models as safetensors files: names, shapes and float32 values that any tool of the field reads, and nothing that can run.</summary>
/// <remarks>Layout: 8 bytes header length (little-endian), JSON header, data, little-endian, without gaps. Equal models and texts give equal bytes.
/// The reader takes files of others and trusts nothing: see <see cref="Read(string)"/>.
/// <code>SafetensorsFile.Write("model.safetensors", shape, parameters, [new("round", "100")]);
/// var model = SafetensorsFile.Read("model.safetensors");</code></remarks>
public static class SafetensorsFile
{
    private const string Short = "E_SAFETENSORS_LENGTH";

    // Elements: a span of bytes ends at 2 GiB.
    private const int AtOnce = 1 << 26;

    /// <summary>Writes a model durably, see <see cref="DurableFile"/>.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="shape">The tensors.</param>
    /// <param name="parameters">Exactly as many values as the shape has.</param>
    /// <param name="metadata">Texts; keys once each.</param>
    /// <exception cref="OperatingSystemException">The file could not be created (73) or written (74); an older file is untouched.</exception>
    public static void Write(
        string path, ModelShape shape, ReadOnlyMemory<float> parameters, IEnumerable<KeyValuePair<string, string>> metadata) =>
        DurableFile.Write(path, stream => Write(stream, shape, parameters.Span, metadata));

    /// <summary>Writes a model to a stream.</summary>
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="shape">The tensors.</param>
    /// <param name="parameters">Exactly as many values as the shape has.</param>
    /// <param name="metadata">Texts; keys once each.</param>
    public static void Write(
        Stream stream, ModelShape shape, ReadOnlySpan<float> parameters, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentOutOfRangeException.ThrowIfNotEqual(parameters.Length, shape.Length, nameof(parameters));
        var header = SafetensorsHeader.Write(shape, metadata);
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        for (; !parameters.IsEmpty; parameters = parameters[Math.Min(AtOnce, parameters.Length)..])
        {
            stream.Write(MemoryMarshal.AsBytes(parameters[..Math.Min(AtOnce, parameters.Length)]));
        }
    }

    /// <summary>Reads a file of float32 tensors. Everything is held against the file's true length before anything is allocated.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">There is no such file, it cannot be read, or it is anything but a whole safetensors file of float32 tensors:
    /// overlaps, holes, wrong lengths, keys given twice, unknown keys, a header above 100 MB.</exception>
    public static ExportedModel Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(stream);
        }
        catch (MalformedException error)
        {
            throw new DataException($"{path}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }
    }

    /// <summary>Reads a whole stream; see <see cref="Read(string)"/>.</summary>
    /// <param name="stream">At its beginning; must know its length.</param>
    /// <exception cref="MalformedException">The bytes are not a safetensors file of float32 tensors.</exception>
    public static ExportedModel Read(Stream stream)
    {
        var bytes = stream.Length;
        if (bytes < SafetensorsHeader.LengthBytes)
        {
            throw new MalformedException(Short, $"the file has {bytes} bytes; a safetensors file has at least {SafetensorsHeader.LengthBytes}");
        }

        Span<byte> word = stackalloc byte[SafetensorsHeader.LengthBytes];
        stream.ReadExactly(word);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(word);
        var rest = bytes - SafetensorsHeader.LengthBytes;
        if (length > SafetensorsHeader.MostBytes || length > (ulong)rest)
        {
            throw new MalformedException(
                Short, $"the header claims {length} bytes; {rest} are there, and {SafetensorsHeader.MostBytes} are allowed");
        }

        var header = new byte[length];
        stream.ReadExactly(header);
        var (shape, metadata) = SafetensorsHeader.Read(header, rest - (long)length);
        var parameters = new float[shape.Length];
        for (var at = 0; at < parameters.Length; at += AtOnce)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(parameters.AsSpan(at, Math.Min(AtOnce, parameters.Length - at))));
        }

        return new ExportedModel(shape, parameters, metadata);
    }
}

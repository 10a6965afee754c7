using System.Buffers;
using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>What compressing a file came to.</summary>
/// <param name="Compressor">The compressor.</param>
/// <param name="Elements">Elements of the vector.</param>
/// <param name="Bytes">Bytes of the message.</param>
/// <param name="Ratio">Raw bytes divided by the message's.</param>
/// <param name="RelativeError">‖decoded − vector‖ / ‖vector‖; unknown when decompressing.</param>
internal sealed record CompressionView(string Compressor, int Elements, long Bytes, double Ratio, double? RelativeError);

/// <summary><c>sidestep compress|decompress</c>: one vector file (raw little-endian float32) through any compressor.</summary>
internal static class CompressCommand
{
    private const int MostElements = 1 << 28;

    private static readonly StreamKey Stream = new(1, 0);

    public static Command CreateCompress(Terminal terminal)
    {
        var source = new Argument<string>("VECTOR") { Description = "A file of raw little-endian float32." };
        var target = new Argument<string>("MESSAGE") { Description = "The file to write; decompress needs nothing else." };
        var with = new Option<string>("--with") { Description = "The compressor, such as top-k(0.01).", Required = true };
        var json = Flags.Json();
        var command = new Command("compress", "Compresses a vector file and measures ratio and error.") { source, target, with, json };
        command.SetAction(parsed =>
        {
            var compressor = CompressorSyntax.Parse(parsed.GetValue(with)!, terminal.Trainer.Catalog.Compressors);
            var vector = ReadVector(parsed.GetValue(source)!);
            var message = new ArrayBufferWriter<byte>();
            compressor.CreateWriter(Stream, vector.Length).Write(0, vector, message);
            VectorMessageFile.Write(parsed.GetValue(target)!, compressor.Name, vector.Length, message.WrittenSpan);
            Report(terminal, Measure(compressor, vector, message.WrittenSpan), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    public static Command CreateDecompress(Terminal terminal)
    {
        var source = new Argument<string>("MESSAGE") { Description = "A file that compress wrote." };
        var target = new Argument<string>("VECTOR") { Description = "The file of raw little-endian float32 to write." };
        var json = Flags.Json();
        var command = new Command("decompress", "Restores a vector file.") { source, target, json };
        command.SetAction(parsed =>
        {
            var (name, length, message) = VectorMessageFile.Read(parsed.GetValue(source)!);
            var compressor = CompressorSyntax.Parse(name, terminal.Trainer.Catalog.Compressors);
            var vector = new float[length];
            compressor.CreateReader(Stream, length).Read(0, message, vector);
            DurableFile.Write(parsed.GetValue(target)!, file => file.Write(MemoryMarshal.AsBytes<float>(vector)));
            Report(terminal, new CompressionView(name, length, message.Length, Ratio(length, message.Length), null), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static CompressionView Measure(ICompressor<float> compressor, float[] vector, ReadOnlySpan<byte> message)
    {
        var decoded = new float[vector.Length];
        compressor.CreateReader(Stream, vector.Length).Read(0, message, decoded);
        double error = 0, norm = 0;
        for (var i = 0; i < vector.Length; i++)
        {
            error += ((double)decoded[i] - vector[i]) * ((double)decoded[i] - vector[i]);
            norm += (double)vector[i] * vector[i];
        }

        var relative = norm == 0 ? 0 : Math.Sqrt(error / norm);
        return new CompressionView(compressor.Name, vector.Length, message.Length, Ratio(vector.Length, message.Length), relative);
    }

    private static double Ratio(int length, int bytes) => (double)length * sizeof(float) / Math.Max(1, bytes);

    private static float[] ReadVector(string path)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            if (bytes == 0 || bytes % sizeof(float) != 0 || bytes / sizeof(float) > MostElements)
            {
                throw new DataException($"{path} has {bytes} bytes; a vector file has 4 bytes per element, 1 to {MostElements} elements");
            }

            return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }
    }

    private static void Report(Terminal terminal, CompressionView view, bool asJson)
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(view, CliJson.Default.CompressionView));
            return;
        }

        var error = view.RelativeError is { } relative
            ? string.Create(CultureInfo.InvariantCulture, $", relative error {relative:0.####}")
            : string.Empty;
        terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{view.Compressor}: {view.Elements} elements, {view.Bytes} bytes, ratio {view.Ratio:0.##}{error}"));
    }
}

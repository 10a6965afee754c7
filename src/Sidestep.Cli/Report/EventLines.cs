using System.Text.Json;

namespace Sidestep.Cli.Report;

/// <summary>Reads <c>events.jsonl</c> line by line; lines that cannot be read are counted and left out.</summary>
internal sealed class EventLines
{
    private const int BufferBytes = 1 << 16;

    private static readonly Dictionary<string, Phase> Phases =
        Enum.GetValues<Phase>().ToDictionary(p => JsonNamingPolicy.KebabCaseLower.ConvertName(p.ToString()), StringComparer.Ordinal);

    /// <summary>Lines that could not be read, without a last one that is cut short.</summary>
    public long Damaged { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hear">Takes the events, in the file's order.</param>
    /// <exception cref="DataException">It cannot be read.</exception>
    public void Read(string path, Action<RunEvent> hear)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes);
            var buffer = new byte[BufferBytes];
            int held = 0, got;
            while ((got = file.Read(buffer.AsSpan(held))) > 0)
            {
                held += got;
                var rest = Lines(buffer.AsSpan(0, held), hear);
                buffer.AsSpan(held - rest, rest).CopyTo(buffer);
                held = rest;
                if (held == buffer.Length)
                {
                    Array.Resize(ref buffer, 2 * buffer.Length);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }
    }

    private int Lines(ReadOnlySpan<byte> bytes, Action<RunEvent> hear)
    {
        int end;
        while ((end = bytes.IndexOf((byte)'\n')) >= 0)
        {
            if (TryRead(bytes[..end], out var happened))
            {
                hear(happened);
            }
            else
            {
                Damaged++;
            }

            bytes = bytes[(end + 1)..];
        }

        return bytes.Length;
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out RunEvent happened)
    {
        happened = default;
        int slot = 0, row = -1;
        long round = 0;
        double start = 0, end = 0, value = 0;
        Phase? phase = null;
        try
        {
            var json = new Utf8JsonReader(line);
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                var name = json.ValueSpan;
                if (name.SequenceEqual("slot"u8) && json.Read())
                {
                    slot = json.GetInt32();
                }
                else if (name.SequenceEqual("round"u8) && json.Read())
                {
                    round = json.GetInt64();
                }
                else if (name.SequenceEqual("row"u8) && json.Read())
                {
                    row = json.GetInt32();
                }
                else if (name.SequenceEqual("phase"u8) && json.Read())
                {
                    phase = Phases.TryGetValue(json.GetString()!, out var known) ? known : null;
                }
                else if (name.SequenceEqual("start"u8) && json.Read())
                {
                    start = json.GetDouble();
                }
                else if (name.SequenceEqual("end"u8) && json.Read())
                {
                    end = json.GetDouble();
                }
                else if (name.SequenceEqual("value"u8) && json.Read())
                {
                    value = json.GetDouble();
                }
            }
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }

        // Events are at most centuries long; anything else did not come from a run.
        const double Most = 1e10;
        if (phase is null || Math.Abs(start) > Most || Math.Abs(end) > Most)
        {
            return false;
        }

        happened = new RunEvent(slot, round, row, phase.Value, TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end), value);
        return true;
    }
}

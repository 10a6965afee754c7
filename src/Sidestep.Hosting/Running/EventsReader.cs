using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Sidestep.Hosting;

/// <summary>Reads the <c>events.jsonl</c> of a run.</summary>
/// <remarks><code>foreach (var happened in EventsReader.Read("runs/first/events.jsonl")) { ledger.Hear(happened); }</code></remarks>
public static class EventsReader
{
    private static readonly Dictionary<string, Phase> Phases = Enum.GetValues<Phase>()
        .ToDictionary(p => JsonNamingPolicy.KebabCaseLower.ConvertName(p.ToString()), StringComparer.Ordinal);

    /// <summary>Reads the events in the order of the file. A last line that was not written to its end is left out.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is not there, cannot be read, or a line is not an event; names the line.</exception>
    public static IEnumerable<RunEvent> Read(string path)
    {
        StreamReader file;
        try
        {
            file = new StreamReader(path, Encoding.UTF8);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path} cannot be read: {error.Message}");
        }

        return Lines(file, path);
    }

    private static IEnumerable<RunEvent> Lines(StreamReader file, string path)
    {
        using (file)
        {
            for (var number = 1; file.ReadLine() is { } line; number++)
            {
                RunEvent happened;
                try
                {
                    happened = Event(Encoding.UTF8.GetBytes(line));
                }
                catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
                {
                    if (file.EndOfStream && !line.EndsWith('}'))
                    {
                        yield break;
                    }

                    throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {number} is not an event: {error.Message}"));
                }

                yield return happened;
            }
        }
    }

    private static RunEvent Event(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        int? slot = null;
        long? round = null;
        var row = -1;
        Phase? phase = null;
        TimeSpan start = default, end = default;
        double value = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "slot":
                    slot = reader.GetInt32();
                    break;
                case "round":
                    round = reader.GetInt64();
                    break;
                case "row":
                    row = reader.GetInt32();
                    break;
                case "phase":
                    phase = Phases[reader.GetString()!];
                    break;
                case "start":
                    start = Time(reader.GetDouble());
                    break;
                case "end":
                    end = Time(reader.GetDouble());
                    break;
                case "value":
                    value = reader.GetDouble();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return slot is { } s && round is { } r && phase is { } p && s >= Slots.Coordinator
            ? new RunEvent(s, r, row, p, start, end, value)
            : throw new FormatException("slot, round or phase is missing");
    }

    private static TimeSpan Time(double seconds) => TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}

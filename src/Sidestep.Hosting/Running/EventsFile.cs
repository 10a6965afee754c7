using System.Buffers;
using System.Text.Json;

namespace Sidestep.Hosting;

/// <summary><c>events.jsonl</c>: one event per line. Allocates nothing per event.</summary>
internal sealed class EventsFile : IDisposable
{
    private const int FlushBytes = 1 << 16;

    private static readonly JsonEncodedText[] Phases =
        [.. Enum.GetNames<Phase>().Select(n => JsonEncodedText.Encode(JsonNamingPolicy.KebabCaseLower.ConvertName(n)))];

    private static readonly TimeSpan FlushAfter = TimeSpan.FromMilliseconds(250);

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushBytes + 1024);
    private readonly Utf8JsonWriter _json;
    private TimeSpan _flushed;

    public EventsFile(string path)
    {
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _json = new Utf8JsonWriter(_buffer);
    }

    public void Hear(in RunEvent happened)
    {
        _json.WriteStartObject();
        _json.WriteNumber("slot"u8, happened.Slot);
        _json.WriteNumber("round"u8, happened.Round);
        if (happened.Row >= 0)
        {
            _json.WriteNumber("row"u8, happened.Row);
        }

        _json.WriteString("phase"u8, Phases[(int)happened.Phase]);
        if (happened.Name is { } name)
        {
            _json.WriteString("name"u8, name);
        }

        _json.WriteNumber("start"u8, Math.Round(happened.Start.TotalSeconds, 7));
        _json.WriteNumber("end"u8, Math.Round(happened.End.TotalSeconds, 7));
        if (double.IsFinite(happened.Value))
        {
            _json.WriteNumber("value"u8, happened.Value);
        }

        _json.WriteEndObject();
        _json.Flush();
        _json.Reset(_buffer);
        _buffer.Write("\n"u8);
        // People and scripts watch while a run goes on: what is in the file is at most so old in the run's own time.
        if (_buffer.WrittenCount >= FlushBytes || happened.End - _flushed >= FlushAfter || happened.End < _flushed)
        {
            Flush();
            _flushed = happened.End;
        }
    }

    public void Dispose()
    {
        Flush();
        _json.Dispose();
        _file.Dispose();
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}

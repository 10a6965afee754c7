using System.Globalization;
using Sidestep.Runtime;

namespace Sidestep.Hosting;

/// <summary><c>frames.jsonl</c>: one frame of the coordinator's links per line. Written from many threads.</summary>
internal sealed class FramesFile(string path) : IDisposable
{
    private readonly StreamWriter _file = new(path, append: true, System.Text.Encoding.ASCII, bufferSize: 1 << 16);

    public void Hear(CapturedFrame frame)
    {
        lock (_file)
        {
            if (_file.BaseStream is { CanWrite: true })
            {
                _file.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"at":{{frame.At.TotalSeconds:0.000000}},"sent":{{(frame.Sent ? "true" : "false")}},"slot":{{frame.Peer}},"session":{{frame.Session}},"type":"{{frame.Type}}","round":{{frame.Round}},"row":{{frame.Row}},"chunk":{{frame.Chunk}},"bytes":{{frame.Bytes}}}{{'\n'}}"""));
            }
        }
    }

    public void Dispose()
    {
        lock (_file)
        {
            _file.Dispose();
        }
    }
}

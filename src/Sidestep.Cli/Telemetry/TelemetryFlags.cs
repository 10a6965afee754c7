using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Sidestep.Cli;

/// <summary>Flags that let others watch a run.</summary>
internal sealed class TelemetryFlags
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Levels = ["none", "debug", "information", "warning", "error"];

    private readonly Option<string> _log = new("--log")
    {
        Description = $"Log lines on standard error: {string.Join(", ", Levels)}.",
        DefaultValueFactory = _ => Levels[0],
    };

    private readonly Option<string?> _otlp = new("--otlp")
    {
        Description = $"Collector that gets metrics, traces and the log (OTLP over HTTP), such as http://localhost:4318; default: {EndpointVariable}.",
    };

    public void AddTo(Command command)
    {
        _log.AcceptOnlyFromAmong(Levels);
        command.Add(_log);
        command.Add(_otlp);
    }

    /// <summary>Starts what was asked for.</summary>
    /// <exception cref="ConfigurationException">The collector's address is not one.</exception>
    public Telemetry Open(ParseResult parsed)
    {
        var address = parsed.GetValue(_otlp) ?? Environment.GetEnvironmentVariable(EndpointVariable);
        return new Telemetry(Level(parsed.GetValue(_log)!), string.IsNullOrEmpty(address) ? null : Collector(address));
    }

    private static LogLevel Level(string name) => name switch
    {
        "debug" => LogLevel.Debug,
        "information" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => LogLevel.None,
    };

    private static Uri Collector(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new ConfigurationException($"--otlp: '{address}' is not the address of a collector; use one such as http://localhost:4318");
}

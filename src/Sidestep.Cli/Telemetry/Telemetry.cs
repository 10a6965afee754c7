using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sidestep.Hosting;

namespace Sidestep.Cli;

/// <summary>Log lines on standard error, and metrics, traces and the log to a collector. Disposing sends what is left.</summary>
internal sealed class Telemetry : IDisposable
{
    private readonly ILoggerFactory? _logs;
    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    /// <summary>Opens.</summary>
    /// <param name="level">Least level of a line on standard error; none: no lines.</param>
    /// <param name="collector">An OTLP collector's base address (HTTP, protobuf), or null.</param>
    public Telemetry(LogLevel level, Uri? collector)
    {
        LogsToTerminal = level != LogLevel.None;
        if (LogsToTerminal || collector is not null)
        {
            _logs = LoggerFactory.Create(logging => Configure(logging, level, collector));
            Log = _logs.CreateLogger(SidestepMeter.Name);
        }

        if (collector is not null)
        {
            _metrics = Sdk.CreateMeterProviderBuilder().ConfigureResource(Named).AddMeter(SidestepMeter.Name)
                .AddOtlpExporter(otlp => To(otlp, collector, "v1/metrics")).Build();
            _traces = Sdk.CreateTracerProviderBuilder().ConfigureResource(Named).AddSource(SidestepMeter.Name)
                .AddOtlpExporter(otlp => To(otlp, collector, "v1/traces")).Build();
        }
    }

    /// <summary>The run's log, or null when nobody wants one.</summary>
    public ILogger? Log { get; }

    /// <summary>Whether log lines go to the terminal, where a live table would be in their way.</summary>
    public bool LogsToTerminal { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        _logs?.Dispose();
    }

    private static void Configure(ILoggingBuilder logging, LogLevel level, Uri? collector)
    {
        logging.SetMinimumLevel(LogLevel.Debug);
        if (level != LogLevel.None)
        {
            logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
            logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            logging.AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(null, level);
        }

        if (collector is not null)
        {
            logging.AddOpenTelemetry(logs => logs
                .SetResourceBuilder(Resource())
                .AddOtlpExporter(otlp => To(otlp, collector, "v1/logs")));
            logging.AddFilter<OpenTelemetryLoggerProvider>(null, LogLevel.Information);
        }
    }

    private static ResourceBuilder Resource() => ResourceBuilder.CreateDefault().AddService("sidestep");

    private static void Named(ResourceBuilder resource) => resource.AddService("sidestep");

    private static void To(OtlpExporterOptions options, Uri collector, string signal)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + signal);
    }
}

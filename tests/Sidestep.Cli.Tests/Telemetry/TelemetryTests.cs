using System.Text.Json.Nodes;

namespace Sidestep.Cli.Tests.Telemetry;

public sealed class TelemetryTests : IDisposable
{
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Collector_gets_metrics_traces_and_the_log_of_a_run()
    {
        using var collector = new Collector();
        Assert.True(_bench.Run("run", _bench.Spec(), "--out", _bench.In("run"), "--kill", "1@5", "--otlp", collector.Address) == 0, _bench.Errors);
        var metrics = collector.Received("/v1/metrics");
        foreach (var name in (string[])["sidestep.rounds", "sidestep.round.duration", "sidestep.shares", "sidestep.sessions", "sidestep.deaths", "sidestep.loss", "in-time"])
        {
            Assert.Contains(name, metrics, StringComparison.Ordinal);
        }

        var traces = collector.Received("/v1/traces");
        Assert.Contains("sidestep.run", traces, StringComparison.Ordinal);
        Assert.Contains("sidestep.round", traces, StringComparison.Ordinal);
        Assert.Contains("joined", traces, StringComparison.Ordinal);
        var result = JsonNode.Parse(File.ReadAllText(_bench.In("run/result.json")))!;
        Assert.Contains((string)result["trajectoryHash"]!, traces, StringComparison.Ordinal);
        Assert.Contains("was lost in round", collector.Received("/v1/logs"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("ftp://localhost")]
    public void Address_that_is_none_is_refused(string address)
    {
        Assert.Equal(78, _bench.Run("run", _bench.Spec(), "--out", _bench.In("run"), "--otlp", address));
        Assert.Contains($"'{address}'", _bench.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Collector_that_is_not_there_does_not_harm_the_run()
    {
        Assert.Equal(0, _bench.Run("run", _bench.Spec(), "--out", _bench.In("run"), "--otlp", "http://127.0.0.1:9", "--json"));
        Assert.Equal("finished", (string)JsonNode.Parse(_bench.Output)!["status"]!);
    }

    [Fact]
    public void Unknown_log_level_is_a_usage_error() =>
        Assert.Equal(64, _bench.Run("run", _bench.Spec(), "--out", _bench.In("run"), "--log", "loud"));
}

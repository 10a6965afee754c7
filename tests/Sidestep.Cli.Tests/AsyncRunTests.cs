using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

/// <summary>Asynchronous descent from specs: what is refused before anything starts, and what runs.</summary>
public sealed class AsyncRunTests : IDisposable
{
    private const string Lines = """{ "name": "pair-lines", "workers": 6, "blocks": 3 }""";
    private const string Groups = """{ "name": "fractional-repetition", "workers": 4, "stragglers": 1 }""";
    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Lines, """{ "name": "async-descent", "scale": 5 }""", "1/(1 − q)")]
    [InlineData(Lines, """{ "name": "async-descent", "stepRule": "delay-cap" }""", "needs L")]
    [InlineData(Lines, """{ "name": "async-descent", "policy": "round", "maxStaleness": 100 }""", "at most 64")]
    [InlineData(Lines, """{ "name": "async-descent", "policy": "round", "deadline": "5" }""", "'5ms' or '5s'")]
    [InlineData(Lines, """{ "name": "async-descent", "slack": 2 }""", "has no parameter 'slack'; it uses: maxStaleness, policy")]
    [InlineData(Groups, """{ "name": "async-descent", "policy": "round", "early": true }""", "has one block only")]
    [InlineData("""{ "name": "greedy-lines", "workers": 5, "blocks": 3 }""", """{ "name": "async-descent" }""", "needs a tight frame")]
    [InlineData("""{ "name": "dynamic-shards", "workers": 4 }""", """{ "name": "async-descent" }""", "asks for nothing")]
    public void Unsound_specs_are_refused(string code, string strategy, string expected)
    {
        Assert.Equal(78, Run(code, strategy));
        Assert.Contains(expected, _bench.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Lines, """{ "name": "async-descent", "maxStaleness": 20 }""", "E2")]
    [InlineData(Lines, """{ "name": "async-descent", "policy": "round", "maxStaleness": 1, "early": true, "deadline": "1s" }""", "E2")]
    [InlineData(Groups, """{ "name": "async-descent", "maxStaleness": 20, "stepRule": "delay-cap(3)", "shares": 2 }""", "E2")]
    [InlineData(Groups, """{ "name": "async-descent", "policy": "round", "maxStaleness": 0 }""", "E0")]
    [InlineData(Groups, """{ "name": "stale-synchronous", "slack": 1, "stepRule": "drop" }""", "E2")]
    public void Sound_specs_run(string code, string strategy, string exactness)
    {
        Assert.True(Run(code, strategy) == 0, _bench.Errors);
        Assert.Equal(exactness, RunResult.Load(_bench.In("run/result.json")).Exactness);
    }

    private int Run(string code, string strategy) =>
        _bench.Run("run", _bench.Spec(code: code), "--fabric", "sim", "--json", "--force", "--out", _bench.In("run"), "--set", $"strategy={strategy}");
}

using System.Text;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests;

public sealed class SpecTests
{
    private const string Good = """
        {
          "version": 1,
          "data": { "kind": "digit-pictures", "count": 100 },
          "objective": { "kind": "perceptron", "hidden": [8, 4] },
          "code": { "name": "uncoded", "workers": 3 },
          "optimizer": { "name": "momentum", "rate": 0.1 },
          "rounds": 5
        }
        """;

    [Fact]
    public void Spec_with_defaults_is_written_out_and_read_back_equal()
    {
        var first = Parse(Good);
        var again = Parse(first.Json);
        Assert.Equal(first.Json, again.Json);
        Assert.Equal(first.Hash, again.Hash);
        Assert.Equal("none", first.Spec.Compress);
        Assert.Equal("coded-descent", first.Spec.Strategy.Name);
        Assert.Equal(0.9, Assert.IsType<MomentumSpec>(first.Spec.Optimizer).Momentum);
        Assert.Equal([8, 4], Assert.IsType<PerceptronSpec>(first.Spec.Objective).Hidden.ToArray());
        Assert.Contains("\"quorumTimeout\":\"300s\"", first.Json, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_is_independent_of_spaces_and_order_of_keys_and_depends_on_values()
    {
        var swapped = """{"rounds":5,"optimizer":{"rate":0.1,"name":"momentum"},"code":{"workers":3,"name":"uncoded"},"objective":{"hidden":[8,4],"kind":"perceptron"},"data":{"count":100,"kind":"digit-pictures"},"version":1}""";
        Assert.Equal(Parse(Good).Hash, Parse(swapped).Hash);
        Assert.NotEqual(Parse(Good).Hash, Parse(Good, "seed=2").Hash);
    }

    [Theory]
    [InlineData("\"rounds\": 5", "\"rouns\": 5", "line 7: rouns is not a known key; the nearest is 'rounds'")]
    [InlineData("\"workers\": 3", "\"workers\": 3, \"worker\": 3", "line 5: code.worker is not a known key; the nearest is 'workers'")]
    [InlineData("\"workers\": 3", "\"workers\": 3, \"workers\": 4", "line 5: code.workers is there a second time")]
    [InlineData("\"workers\": 3", "\"workers\": \"3\"", "line 5: code.workers is '3'; it must be a whole number")]
    [InlineData("\"workers\": 3", "\"workers\": 3.5", "line 5: code.workers is 3.5; it must be a whole number")]
    [InlineData("\"workers\": 3", "\"workers\": 0", "line 5: code.workers is 0; it must be from 1 to 4096")]
    [InlineData("\"workers\": 3", "\"workers\": -1", "line 5: code.workers is -1; it must be from 1 to 4096")]
    [InlineData("\"workers\": 3", "\"workers\": null", "line 5: code.workers is null")]
    [InlineData("\"workers\": 3", "\"workers\": 99999999999999999999", "line 5: code.workers is 99999999999999999999")]
    [InlineData("\"rate\": 0.1", "\"rate\": 1e400", "line 6: optimizer.rate is 1e400; it must be a finite number")]
    [InlineData("\"rate\": 0.1", "\"rate\": NaN", "line 6: not valid JSON")]
    [InlineData("\"rate\": 0.1", "\"rate\": 0,1", "line 6: not valid JSON")]
    [InlineData("\"rate\": 0.1", "\"rate\": -0.5", "line 6: optimizer.rate is -0.5; it must be from 0")]
    [InlineData("\"rate\": 0.1", "\"beta1\": 0.1", "line 6: optimizer.beta1 is not a known key")]
    [InlineData("\"rounds\": 5", "\"rounds\": 5,", "line 8: not valid JSON")]
    [InlineData("\"rounds\": 5", "\"rounds\": 5 // five", "line 7: not valid JSON")]
    [InlineData("\"version\": 1", "\"version\": 2", "line 2: version is 2; it must be from 1 to 1")]
    [InlineData("\"digit-pictures\"", "\"digits-picture\"", "line 3: data.kind is 'digits-picture'; the nearest is 'digit-pictures'")]
    [InlineData("\"kind\": \"digit-pictures\", ", "", "line 3: data needs the key 'kind'")]
    [InlineData(", \"count\": 100", "", "line 3: data needs the key 'count'")]
    [InlineData("[8, 4]", "[8, \"4\"]", "line 4: objective.hidden[1] is '4'")]
    [InlineData("[8, 4]", "[8, 0]", "line 4: objective.hidden[1] is 0; it must be from 1")]
    [InlineData("[8, 4]", "[]", "line 4: objective.hidden has 0 entries")]
    [InlineData("[8, 4]", "8", "line 4: objective.hidden is 8; it must be a list")]
    [InlineData("{ \"name\": \"uncoded\", \"workers\": 3 }", "\"uncoded\"", "line 5: code is 'uncoded'; it must be an object")]
    [InlineData("\"hidden\": [8, 4]", "\"hidden\": [8], \"activation\": \"rely\"", "line 4: objective.activation is 'rely'; the nearest is 'relu'")]
    public void Bad_spec_is_refused_with_path_line_and_nearest_choice(string good, string bad, string expected)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var error = Assert.Throws<ConfigurationException>(() => Parse(Good.Replace(good, bad, StringComparison.Ordinal)));
        Assert.Equal(78, error.ExitCode);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("test.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("code.stragglers=1", "\"stragglers\":1")]
    [InlineData("compress=feedback(top-k(0.01))", "\"compress\":\"feedback(top-k(0.01))\"")]
    [InlineData("strategy.name=async-descent", "\"name\":\"async-descent\"")]
    [InlineData("objective.hidden=[5]", "\"hidden\":[5]")]
    [InlineData("optimizer={\"name\":\"sgd\",\"rate\":1}", "\"optimizer\":{\"name\":\"sgd\",\"rate\":1")]
    public void Override_is_applied(string assignment, string expected) =>
        Assert.Contains(expected, Parse(Good, assignment).Json, StringComparison.Ordinal);

    [Theory]
    [InlineData("code.straggler=1", "code.straggler is not a known key; the nearest is 'stragglers'")]
    [InlineData("cod.stragglers=1", "cod is not a known key; the nearest is 'code'")]
    [InlineData("strategy.maxStaleness=-1", "strategy.maxStaleness is -1; it must be from 0")]
    [InlineData("strategy.policy=rounds", "strategy.policy is 'rounds'; the nearest is 'round'")]
    [InlineData("rounds.x=1", "holds a single value")]
    [InlineData("rounds", "write path=value")]
    [InlineData("=3", "write path=value")]
    [InlineData("rounds=many", "rounds is 'many'; it must be a whole number")]
    public void Bad_override_is_refused_with_nearest_path(string assignment, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(Good, assignment));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("--set", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"version\":1}{}")]
    [InlineData("\u0000")]
    public void Text_that_is_no_spec_is_refused(string text) => Assert.Throws<ConfigurationException>(() => Parse(text));

    [Fact]
    public void Every_cut_of_a_spec_is_refused_and_never_anything_but_a_configuration_error()
    {
        for (var length = 0; length < Good.TrimEnd().Length; length++)
        {
            Assert.Throws<ConfigurationException>(() => Parse(Good[..length]));
        }
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Throws<ConfigurationException>(() => Parse(Good.Replace("[8, 4]", new string('[', 1000) + new string(']', 1000), StringComparison.Ordinal)));

    [Fact]
    public void Published_schema_is_in_step_with_the_types()
    {
        var path = Path.Combine(Repository.Root, "docs", "spec.schema.json");
        if (Environment.GetEnvironmentVariable("SIDESTEP_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, SpecSchema.Create());
        }

        Assert.Equal(SpecSchema.Create(), File.ReadAllText(path));
    }

    [Fact]
    public void Every_experiment_is_a_valid_spec()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "experiments"), "*.json");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.NotEmpty(SpecFile.Load(file).Hash));
    }

    private static ResolvedSpec Parse(string text, params string[] overrides) =>
        SpecFile.Parse(Encoding.UTF8.GetBytes(text), "test.json", Path.GetTempPath(), overrides);
}

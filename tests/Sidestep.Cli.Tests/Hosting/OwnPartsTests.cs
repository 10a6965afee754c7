using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli.Tests.Hosting;

public sealed class OwnPartsTests : IDisposable
{
    private enum Shape
    {
        Round,
        VerySquare,
    }

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Own_model_on_own_data_has_the_same_bytes_on_every_fabric_and_with_a_slot_missing()
    {
        var trainer = OwnProgram.Host().Build();
        var simulated = await trainer.Train(_bench, "sim", "sim");
        var threads = await trainer.Train(_bench, "threads", "threads", "slow=1:30ms");
        Assert.Equal("finished", threads.Status);
        Assert.Equal(simulated.TrajectoryHash, threads.TrajectoryHash);
        Assert.Equal(threads.Shape!.Length, threads.Model.Length);
        Assert.NotNull(threads.Accuracy);
        var read = RunResult.Load(_bench.In("threads/result.json"));
        Assert.Equal("two-layer-net", Assert.IsType<OwnObjectiveSpec>(read.Spec.Objective).Kind);
        Assert.Equal(threads.SpecHash, read.SpecHash);
    }

    [Fact]
    public void Defaults_of_own_keys_are_written_out_and_their_order_does_not_matter()
    {
        var trainer = OwnProgram.Host().Build();
        Assert.Equal("""{"kind":"two-layer-net","hidden":32,"l2":0}""", trainer.Spec().Objective().ToJsonString());
        Assert.Equal(
            trainer.Spec("""objective={"l2":0.5,"kind":"two-layer-net","hidden":4}""").Hash,
            trainer.Spec("""objective={"kind":"two-layer-net","hidden":4,"l2":0.5}""").Hash);
        Assert.Equal(
            trainer.Spec("""objective={"kind":"free-net","hidden":4,"b":1,"a":2}""").Hash,
            trainer.Spec("""objective={"a":2,"b":1,"hidden":4,"kind":"free-net"}""").Hash);
        var spec = trainer.Spec();
        Assert.Equal(spec.Hash, trainer.Parse(spec.Json).Hash);
        Assert.Equal(spec.Hash, trainer.Resolve(spec.Spec).Hash);
    }

    [Theory]
    [InlineData("objective.hiden=3", "objective.hiden is not a known key; the nearest is 'hidden'")]
    [InlineData("objective.hidden=many", "objective.hidden is 'many'; it must be a whole number")]
    [InlineData("objective.hidden=2.5", "objective.hidden is 2.5; it must be a whole number")]
    [InlineData("objective.kind=two-layers-net", "objective.kind is 'two-layers-net'; the nearest is 'two-layer-net'")]
    [InlineData("data.kind=spiral", "data.kind is 'spiral'; the nearest is 'spirals'")]
    [InlineData("""data={"kind":"spirals"}""", "data needs the key 'count'")]
    public void Own_keys_are_held_as_strictly_as_built_in_ones(string assignment, string expected) =>
        Assert.Contains(expected, OwnProgram.Refused(() => OwnProgram.Host().Build().Spec(assignment)), StringComparison.Ordinal);

    [Fact]
    public void Another_program_does_not_know_the_own_kinds() =>
        Assert.Contains("data.kind is 'spirals'", OwnProgram.Refused(() => SidestepHost.Create().Build().Spec()), StringComparison.Ordinal);

    [Fact]
    public async Task Maker_that_stumbles_over_its_keys_is_a_mistake_in_the_spec()
    {
        var trainer = OwnProgram.Host().Build();
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => trainer.Train(_bench, "x", "sim", """objective={"kind":"free-net"}"""));
        Assert.Contains("'free-net'", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<ConfigurationException>(() => trainer.Train(_bench, "y", "sim", """objective={"kind":"free-net","hidden":"x"}"""));
        Assert.Contains("'free-net'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_taken_or_not_well_formed_are_refused_all_at_once()
    {
        var host = OwnProgram.Host()
            .AddObjective("softmax", _ => null!)
            .AddObjective("two-layer-net", _ => null!)
            .AddCode("My Code", _ => null!)
            .AddCompressor("top-k", _ => null!)
            .AddMixer(string.Empty, () => null!)
            .AddStrategy("coded-descent", _ => null!)
            .AddOptimizer("adam", _ => null!)
            .AddData("csv", _ => null!)
            .AddMixer("softmax", () => null!);
        var error = Assert.Throws<CompositionException>(host.Build);
        Assert.Equal(8, error.Problems.Count);
        Assert.Contains(error.Problems, p => p.Contains("'softmax' is taken: it is built in", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p.Contains("'two-layer-net' is taken: it is registered twice", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p.Contains("'My Code' is not a name", StringComparison.Ordinal));
    }

    [Fact]
    public void Refused_names_end_the_command_with_78_and_no_stack_trace()
    {
        using StringWriter output = new(), errors = new();
        var host = SidestepHost.Create().AddObjective("softmax", _ => null!);
        Assert.Equal(78, CliApp.Run(["catalog"], new Terminal(output, errors), () => new Terminal(output, errors) { Trainer = host.Build() }));
        Assert.Contains("'softmax' is taken", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_part_can_be_the_programs_own()
    {
        var trainer = OwnProgram.Host()
            .AddCode("mirror", OwnProgram.Mirror)
            .AddCompressor("mine", texts => new NoneCompressor())
            .AddMixer("my-ring", () => new RingAllReduce())
            .AddStrategy("my-descent", p => new LocalDescent(p.Steps), parameters: "steps")
            .AddOptimizer("my-sgd", (OptimizerContext c, Falling r) => new Sgd(new CosineSchedule(r.First, c.Rounds, 0)))
            .Build();
        string[] own = ["""code={"name":"mirror","workers":3}""", "compress=mine", """optimizer={"name":"my-sgd","first":0.1}"""];
        var coded = await trainer.Train(_bench, "coded", "sim", own);
        Assert.Equal("finished", coded.Status);
        Assert.Equal("E0", coded.Exactness);
        var local = await trainer.Train(
            _bench, "local", "sim", """code={"name":"uncoded","workers":3}""", "mixer=my-ring", """strategy={"name":"my-descent","steps":2}""", own[2]);
        Assert.Equal("finished", local.Status);
        foreach (var name in (string[])["mirror", "mine", "my-ring", "my-descent", "my-sgd", "spirals", "two-layer-net"])
        {
            Assert.True(trainer.Catalog.Entries.Single(e => e.Name == name).Own);
        }

        Assert.Contains("the nearest is 'mirror'", OwnProgram.Refused(() => RunPlanner.Build(trainer.Spec("code.name=mirrow"))), StringComparison.Ordinal);
        Assert.Contains("'mine'", OwnProgram.Refused(() => RunPlanner.Build(trainer.Spec("compress=mime"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_may_be_enums_lists_and_nested_records()
    {
        Nested? seen = null;
        var trainer = OwnProgram.Host()
            .AddObjective("nested", (ObjectiveContext c, Nested n) =>
            {
                seen = n;
                return new NAMESPACE.TwoLayerNet(c.Features, 2, 0);
            })
            .Build();
        using var run = RunPlanner.Build(trainer.Spec("""objective={"kind":"nested","shape":"very-square","sizes":[1,2],"inner":{"rate":0.5}}""", "data.count=50", "samples=0"));
        Assert.Equal((Shape.VerySquare, 0.5f), (seen!.Shape, seen.Inner!.Rate));
        Assert.Equal([1, 2], seen.Sizes!);
        Assert.Contains(
            "objective.shape is 'very-sqare'; it must be a Shape; choices: round, very-square",
            OwnProgram.Refused(() => trainer.Spec("""objective={"kind":"nested","shape":"very-sqare"}""")),
            StringComparison.Ordinal);
        Assert.Contains(
            "objective.inner.rat is not a known key; the nearest is 'rate'",
            OwnProgram.Refused(() => trainer.Spec("""objective={"kind":"nested","inner":{"rat":1}}""")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_without_a_worker_in_them_are_refused_before_anything_starts()
    {
        var trainer = OwnProgram.Host().Build();
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => trainer.Train(_bench, "tcp", "tcp"));
        Assert.Contains(nameof(Trainer.TryRunWorkerAsync), error.Message, StringComparison.Ordinal);
        Assert.Null(await trainer.TryRunWorkerAsync(["--urls", "x"]));
        Assert.Equal(78, await trainer.TryRunWorkerAsync(["worker", "--slot", "0"]));
    }

    [Fact]
    public void Commands_of_an_own_program_know_its_parts_and_its_name()
    {
        using StringWriter output = new(), errors = new();
        var terminal = new Terminal(output, errors) { Trainer = OwnProgram.Host().Build(), Program = "mytrain" };
        Assert.Equal(0, CliApp.Run(["catalog", "objectives"], terminal));
        Assert.Contains("two-layer-net", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("[hidden, l2]", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, CliApp.Run(["run", "--help"], terminal));
        Assert.Contains("mytrain run run.json", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(64, CliApp.Run(["rum"], terminal));
        Assert.Contains("mytrain --help", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_may_come_from_memory()
    {
        var trainer = OwnProgram.Host()
            .AddData("xor", _ => new TrainingData(Dataset.FromMemory("xor", 2, 2, [0, 0, 0, 1, 1, 0, 1, 1], [0, 1, 1, 0])))
            .Build();
        using var run = RunPlanner.Build(trainer.Spec("""data={"kind":"xor"}""", "samples=0", "evaluateEvery=0"));
        Assert.Empty(run.Plan.Evaluations);
        Assert.Equal(4, run.Plan.Source.Samples(0));
    }

    private sealed record Falling(double First);

    private sealed record Inner(float Rate);

    private sealed record Nested(Shape Shape = Shape.Round, int[]? Sizes = null, Inner? Inner = null);
}

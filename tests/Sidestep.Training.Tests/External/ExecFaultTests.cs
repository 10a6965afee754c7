using System.Diagnostics;
using Sidestep.Training.Tests.Objectives;
using Xunit.Abstractions;

namespace Sidestep.Training.Tests.External;

/// <summary>Everything a child program can do wrong ends with one sentence that says who, what and while doing what.</summary>
public sealed class ExecFaultTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Batch Rows = ExecProgramTests.Rows(3, 4, 2, sparse: false) with { Numbers = new long[] { 1, 2, 3 }, Round = 7, Partition = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("sidestep-exec-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("crash", "ended with exit code 3 while it computed a gradient (round 7, partition 2)", "the disk of my dreams is full")]
    [InlineData("raise", "failed (ValueError: no such kernel)", "in gradient")]
    [InlineData("print", "wrote to the wrong stream", "it wrote 'epoch 1: all is well\\n")]
    [InlineData("length", "answered 9 gradient values; the model it described has 4 parameters", "")]
    [InlineData("body", "answered 20 bytes instead of 16", "")]
    public void Fault_in_a_gradient_is_named_and_the_next_call_finds_a_fresh_child(string mode, string what, string words)
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, mode), 4, 2);
        var objective = program.Create();
        var first = Assert.Single(program.ProcessIds);
        for (var i = 0; i < 2; i++)
        {
            var fault = Assert.Throws<ObjectiveFaultException>(() => objective.Gradient(Rows, new float[4], new float[4], default));
            Assert.Equal(72, fault.ExitCode);
            Assert.StartsWith($"exec '{Python.Interpreter} ", fault.Message, StringComparison.Ordinal);
            Assert.Contains(what, fault.Message, StringComparison.Ordinal);
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(first, program.ProcessIds);
        var metrics = new Metrics();
        objective.Evaluate(Rows, new float[4], metrics);
        Assert.Equal(3, metrics["loss"].Count);
    }

    [Fact]
    public void Hanging_child_is_killed_by_its_id_after_the_timeout()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, "hang"), 4, 2);
        using var slow = ExecProgram.Start(Python.Script(_folder, Children.Means, "hang") with { Timeout = TimeSpan.FromSeconds(1) }, 4, 2);
        using var child = Process.GetProcessById(Assert.Single(slow.ProcessIds));
        var fault = Assert.Throws<ObjectiveFaultException>(() => slow.Create().Gradient(Rows, new float[4], new float[4], default));
        Assert.Contains("did not answer within 1 s (objective.timeout)", fault.Message, StringComparison.Ordinal);
        Assert.True(child.WaitForExit(TimeSpan.FromSeconds(20)));

        // A cancelled call ends at once, and so does its child.
        using var other = Process.GetProcessById(Assert.Single(program.ProcessIds));
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.ThrowsAny<OperationCanceledException>(() => program.Create().Gradient(Rows, new float[4], new float[4], stop.Token));
        Assert.True(other.WaitForExit(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("start", "ended with exit code 1 while it was starting", "the licence has expired")]
    [InlineData("greet", "wrote to the wrong stream", "it wrote 'hello, I am ready\\n")]
    public void Fault_at_the_start_is_named(string mode, string what, string words)
    {
        if (Python.IsThere(output))
        {
            var fault = Assert.Throws<ObjectiveFaultException>(() => ExecProgram.Start(Python.Script(_folder, Children.Means, mode), 4, 2));
            Assert.Contains(what, fault.Message, StringComparison.Ordinal);
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]", "number of tensors is 0")]
    [InlineData("[('', [1])]", "a tensor without a name")]
    [InlineData("[('a', [])]", "number of dimensions of tensor 'a' is 0")]
    [InlineData("[('a', [2, 0])]", "size in tensor 'a' is 0")]
    [InlineData("[('a', [2]), ('a', [3])]", "two tensors of the same name")]
    [InlineData("[('a\\n', [2])]", "control characters")]
    public void Impossible_shapes_are_refused(string tensors, string what)
    {
        if (Python.IsThere(output))
        {
            var fault = Assert.Throws<ObjectiveFaultException>(() => ExecProgram.Start(Python.Script(_folder, Children.Means, "tensors", tensors), 4, 2));
            Assert.Contains("described its model wrongly", fault.Message, StringComparison.Ordinal);
            Assert.Contains(what, fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Child_that_describes_another_model_than_the_one_before_it_is_refused()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        File.WriteAllText(Path.Combine(_folder, "size"), "3");
        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, "tensors", "[('a', [int(open('size').read())])]"), 3, 2);
        File.WriteAllText(Path.Combine(_folder, "size"), "4");
        Process.GetProcessById(Assert.Single(program.ProcessIds)).Kill();
        Assert.Throws<ObjectiveFaultException>(() => program.Create().Gradient(Rows, new float[3], new float[3], default));
        var fault = Assert.Throws<ObjectiveFaultException>(() => program.Create().Gradient(Rows, new float[3], new float[3], default));
        Assert.Contains("another model", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Not_a_number_is_passed_on_for_the_coordinator_to_judge()
    {
        if (Python.IsThere(output))
        {
            using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, "nan"), 4, 2);
            var sum = new float[4];
            Assert.True(double.IsNaN(program.Create().Gradient(Rows, new float[4], sum, default)));
            Assert.True(float.IsNaN(sum[0]));
        }
    }

    [Fact]
    public void Evaluation_is_asked_of_another_child_when_one_has_died()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, "measures"), 4, 2);
        Process.GetProcessById(Assert.Single(program.ProcessIds)).Kill();
        var metrics = new Metrics();
        program.Create().Evaluate(Rows, new float[4], metrics);
        Assert.Equal((6, 3), metrics["rows"]);
    }

    [Fact]
    public void Run_secret_is_not_in_the_environment_of_children()
    {
        if (!Python.IsThere(output))
        {
            return;
        }

        Environment.SetEnvironmentVariable("SIDESTEP_SECRET", "00ff");
        try
        {
            using var program = ExecProgram.Start(Python.Script(_folder, Children.Means, "measures"), 4, 2);
            var metrics = new Metrics();
            program.Create().Evaluate(Rows, new float[4], metrics);
            Assert.Equal(0, metrics["secret"].Sum);
        }
        finally
        {
            Environment.SetEnvironmentVariable("SIDESTEP_SECRET", null);
        }
    }

    [Theory]
    [InlineData("pyhton3", "there is no program 'pyhton3' in PATH")]
    [InlineData("./grad.sh", "there is no program ")]
    [InlineData("", "the command is empty")]
    public void Missing_program_is_a_configuration_error(string name, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => ExecProgram.Start(new ExecCommand([name], _folder), 4, 2));
        Assert.Equal(78, error.ExitCode);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_no_program_is_a_configuration_error()
    {
        File.WriteAllText(Path.Combine(_folder, "notes.txt"), "no program");
        var error = Assert.Throws<ConfigurationException>(() => ExecProgram.Start(new ExecCommand(["./notes.txt"], _folder), 4, 2));
        Assert.Contains("cannot be started", error.Message, StringComparison.Ordinal);
    }
}

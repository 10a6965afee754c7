using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>A program that computes a loss and its gradient, as warm child processes: one per concurrent caller, kept between calls.</summary>
/// <remarks>Any program will do that speaks the protocol (<c>docs/exec-protocol.md</c>). Thread-safe; objectives made by it are used by one thread each.
/// Cost of a call beside the program's own work: parameters and rows copied in, gradient added out, and two pipe messages.
/// <code>using var program = ExecProgram.Start(new ExecCommand(["python3", "grad.py"], folder), features: 784, classes: 10);
/// var source = new PartitionGradients(program.Create, () => data.Rows(4), batches);</code></remarks>
public sealed class ExecProgram : IDisposable
{
    private readonly ExecCommand _command;
    private readonly int _features;
    private readonly int _classes;
    private readonly Lock _gate = new();
    private readonly List<ExecChild> _idle = [];
    private readonly List<ExecChild> _all = [];
    private ExecHello? _hello;
    private bool _disposed;

    private ExecProgram(ExecCommand command, int features, int classes) => (_command, _features, _classes) = (command, features, classes);

    /// <summary>The model's tensors.</summary>
    public ModelShape Shape => _hello!.Shape;

    /// <summary>What computes, in the program's own words, such as <c>torch 2.1</c>; empty: it does not say.</summary>
    public string Description => _hello!.Description;

    /// <summary>Ids of the processes that can be asked now.</summary>
    public IReadOnlyList<int> ProcessIds
    {
        get
        {
            lock (_gate)
            {
                return [.. _all.Where(c => !c.IsGone).Select(c => c.ProcessId)];
            }
        }
    }

    /// <summary>Starts one process and learns the model's tensors.</summary>
    /// <param name="command">What to start.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="classes">Number of classes; 0: regression.</param>
    /// <exception cref="ConfigurationException">There is no such program.</exception>
    /// <exception cref="ObjectiveFaultException">It ends, hangs, or does not speak the protocol.</exception>
    public static ExecProgram Start(ExecCommand command, int features, int classes)
    {
        ArgumentNullException.ThrowIfNull(command);
        var program = new ExecProgram(command, features, classes);
        program.Return(program.Rent());
        return program;
    }

    /// <summary>An objective that asks this program.</summary>
    public IObjective Create() => new ExecObjective(this);

    /// <summary>Whether the program repeats itself: the same start point, loss and gradient, byte by byte, when a process is asked twice and when another one is asked.</summary>
    /// <remarks>Two equal answers do not prove that all will be equal; different ones prove that they are not. Cost: three gradients and a further process.</remarks>
    /// <param name="batch">Some rows.</param>
    /// <param name="seed">Seed of the start point.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="ObjectiveFaultException">The program fails.</exception>
    public bool Repeats(in Batch batch, ulong seed, CancellationToken stop = default)
    {
        var first = Rent();
        var second = Open();
        try
        {
            var start = Probe(first, batch, seed, stop);
            return Same(start, Probe(first, batch, seed, stop)) && Same(start, Probe(second, batch, seed, stop));
        }
        finally
        {
            Return(first);
            second.Dispose();
        }
    }

    /// <summary>Ends the processes; objectives cannot be used any more.</summary>
    public void Dispose()
    {
        List<ExecChild> children;
        lock (_gate)
        {
            _disposed = true;
            children = [.. _idle];
            _idle.Clear();
        }

        foreach (var child in children)
        {
            child.Close();
        }

        foreach (var child in children)
        {
            child.Dispose();
        }
    }

    /// <summary>A process nobody else asks; to be given back.</summary>
    internal ExecChild Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_idle.Count > 0)
            {
                var child = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                return child;
            }
        }

        return Open();
    }

    /// <summary>Takes a process back; one that has failed is put away.</summary>
    internal void Return(ExecChild child)
    {
        lock (_gate)
        {
            if (!child.IsGone && !_disposed)
            {
                _idle.Add(child);
                return;
            }

            _all.Remove(child);
        }

        child.Dispose();
    }

    private static (float[] Start, float[] Gradient, double Loss) Probe(ExecChild child, in Batch batch, ulong seed, CancellationToken stop)
    {
        var (start, gradient) = (new float[child.Length], new float[child.Length]);
        child.Initialize(seed, start);
        var loss = child.Gradient(batch, start, gradient, stop);
        return (start, gradient, loss);
    }

    private static bool Same((float[] Start, float[] Gradient, double Loss) a, (float[] Start, float[] Gradient, double Loss) b) =>
        BitConverter.DoubleToInt64Bits(a.Loss) == BitConverter.DoubleToInt64Bits(b.Loss)
        && MemoryMarshal.AsBytes<float>(a.Start).SequenceEqual(MemoryMarshal.AsBytes<float>(b.Start))
        && MemoryMarshal.AsBytes<float>(a.Gradient).SequenceEqual(MemoryMarshal.AsBytes<float>(b.Gradient));

    private ExecChild Open()
    {
        var child = new ExecChild(_command);
        try
        {
            var hello = child.Hello(_features, _classes);
            var known = Interlocked.CompareExchange(ref _hello, hello, null) ?? hello;
            if (!Equal(known, hello))
            {
                throw child.Fault("described another model than the process before it");
            }
        }
        catch
        {
            child.Dispose();
            throw;
        }

        lock (_gate)
        {
            _all.Add(child);
        }

        return child;
    }

    private static bool Equal(ExecHello a, ExecHello b) =>
        (a.Initializes, a.Evaluates, a.Description) == (b.Initializes, b.Evaluates, b.Description)
        && a.Shape.Tensors.Select(t => t.Name).SequenceEqual(b.Shape.Tensors.Select(t => t.Name))
        && a.Shape.Tensors.Zip(b.Shape.Tensors).All(p => p.First.Dimensions.SequenceEqual(p.Second.Dimensions));
}

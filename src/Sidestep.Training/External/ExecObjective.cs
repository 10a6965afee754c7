namespace Sidestep.Training;

/// <summary>An objective whose loss and gradient another program computes.</summary>
/// <remarks>Law: the program is asked to add nothing but the sum over the rows; what it answers is added as it is, NaN included. Exactness is the program's:
/// it has to answer equal bytes to equal questions, in every process (<see cref="ExecProgram.Repeats"/>).
/// <code>IObjective objective = program.Create();</code></remarks>
public sealed class ExecObjective : IObjective
{
    private readonly ExecProgram _program;

    internal ExecObjective(ExecProgram program) => _program = program;

    /// <inheritdoc/>
    public ModelShape Shape => _program.Shape;

    /// <inheritdoc/>
    /// <remarks>Asks a second time, of another process, when the first one fails.</remarks>
    /// <exception cref="ObjectiveFaultException">The program fails twice.</exception>
    public void Initialize(Rng rng, Span<float> model)
    {
        BatchCheck.Lengths(Shape, model, model);
        var seed = rng.NextUInt64();
        for (var attempt = 0; ; attempt++)
        {
            var child = _program.Rent();
            try
            {
                child.Initialize(seed, model);
                return;
            }
            catch (ObjectiveFaultException) when (attempt == 0)
            {
                // A new process may do better.
            }
            finally
            {
                _program.Return(child);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectiveFaultException">The program ended, did not answer in time, or answered what it must not.</exception>
    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
    {
        BatchCheck.Lengths(Shape, model, sum);
        stop.ThrowIfCancellationRequested();
        var child = _program.Rent();
        try
        {
            return child.Gradient(batch, model, sum, stop);
        }
        finally
        {
            _program.Return(child);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Asks a second time, of another process, when the first one fails: measures do not change the run.</remarks>
    /// <exception cref="ObjectiveFaultException">The program fails twice.</exception>
    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        BatchCheck.Lengths(Shape, model, model);
        for (var attempt = 0; ; attempt++)
        {
            var child = _program.Rent();
            try
            {
                child.Evaluate(batch, model, metrics);
                return;
            }
            catch (ObjectiveFaultException) when (attempt == 0)
            {
                // A new process may do better.
            }
            finally
            {
                _program.Return(child);
            }
        }
    }
}

namespace Sidestep;

/// <summary>Base of the errors Sidestep throws beside argument errors. Weather (stragglers, deaths, lies) is never an exception.</summary>
public abstract class SidestepException : Exception
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What, where, the measured value, the nearest valid choice.</param>
    /// <param name="inner">The cause.</param>
    protected SidestepException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The documented exit code of a command that ends with it.</summary>
    public abstract int ExitCode { get; }
}

/// <summary>A plan whose parts do not fit together; lists every problem.</summary>
/// <param name="problems">One sentence each: what, why, the nearest sound choice.</param>
public sealed class CompositionException(IReadOnlyList<string> problems)
    : SidestepException(string.Join(Environment.NewLine, problems))
{
    /// <summary>The problems.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;

    /// <inheritdoc/>
    public override int ExitCode => 78;
}

/// <summary>Something in a spec, flag or parameter is not valid.</summary>
/// <param name="message">What, where, the measured value, the nearest valid choice.</param>
public sealed class ConfigurationException(string message) : SidestepException(message)
{
    /// <inheritdoc/>
    public override int ExitCode => 78;
}

/// <summary>Bytes from outside (file, frame, message) are not what they must be.</summary>
/// <param name="code">The stable reject code, such as <c>E_SPARSE</c>.</param>
/// <param name="message">What, where, the measured value.</param>
public sealed class MalformedException(string code, string message) : SidestepException($"{message} ({code})")
{
    /// <summary>The stable reject code.</summary>
    public string Code { get; } = code;

    /// <inheritdoc/>
    public override int ExitCode => 65;
}

/// <summary>A file of data cannot be used.</summary>
/// <param name="message">The file, the row or offset, the measured value.</param>
public sealed class DataException(string message) : SidestepException(message)
{
    /// <inheritdoc/>
    public override int ExitCode => 65;
}

/// <summary>A NaN or an infinity where numbers must be finite.</summary>
/// <param name="message">Where.</param>
public sealed class NonFiniteException(string message) : SidestepException(message)
{
    /// <inheritdoc/>
    public override int ExitCode => 65;
}

/// <summary>The operating system refused something: a port, a process, a file.</summary>
/// <param name="message">What.</param>
/// <param name="exitCode">71 OS error, 73 output cannot be created, 74 I/O error, 77 authentication.</param>
/// <param name="inner">The cause.</param>
public sealed class OperatingSystemException(string message, int exitCode = 71, Exception? inner = null)
    : SidestepException(message, inner)
{
    /// <inheritdoc/>
    public override int ExitCode { get; } = exitCode;
}

/// <summary>What computes the loss and its gradient (a child program, for example) failed. On a worker it is a death of the session, not of the run.</summary>
/// <param name="message">Who failed, while doing what, and its last words.</param>
/// <param name="inner">The cause.</param>
public sealed class ObjectiveFaultException(string message, Exception? inner = null) : SidestepException(message, inner)
{
    /// <summary>The exit code of a process that ends with it.</summary>
    public const int Code = 72;

    /// <inheritdoc/>
    public override int ExitCode => Code;
}

namespace Sidestep.Runtime;

/// <summary>A session was refused; the sentence says how to make it fit.</summary>
/// <param name="code">The reject code.</param>
/// <param name="message">The sentence.</param>
public sealed class JoinRefusedException(RejectCode code, string message) : SidestepException($"{message} ({RejectCodes.Name(code)})")
{
    /// <summary>The reject code.</summary>
    public RejectCode Code { get; } = code;

    /// <inheritdoc/>
    public override int ExitCode => Code switch
    {
        RejectCode.Authentication => 77,
        RejectCode.Mismatch or RejectCode.NumericClass or RejectCode.Version => 78,
        RejectCode.Generation => 76,
        _ => 69,
    };
}

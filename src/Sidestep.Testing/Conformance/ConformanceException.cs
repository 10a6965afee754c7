namespace Sidestep.Testing;

/// <summary>A fabric broke a law.</summary>
/// <param name="message">Which law, what was expected, what was measured.</param>
public sealed class ConformanceException(string message) : Exception(message);

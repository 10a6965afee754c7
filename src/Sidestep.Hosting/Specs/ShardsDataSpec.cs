namespace Sidestep.Hosting;

/// <summary>A data set that <c>sidestep data import</c> made, read where it lies through memory maps; it may be larger than memory.</summary>
/// <param name="Path">The folder of the training rows.</param>
/// <param name="Test">The folder of the test rows.</param>
/// <param name="Resident">Most memory a worker process may have resident, such as <c>200MB</c>; absent: 256MB, or 64MB more than it has before it reads rows.</param>
/// <param name="Fingerprint">The fingerprint the training rows must have; filled in when a run begins, so that it is never continued with, and no worker reads, other data.</param>
/// <param name="TestFingerprint">The same for the test rows.</param>
public sealed record ShardsDataSpec(
    string Path, string? Test = null, string? Resident = null, string? Fingerprint = null, string? TestFingerprint = null) : DataSpec;

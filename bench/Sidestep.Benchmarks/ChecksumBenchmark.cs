using BenchmarkDotNet.Attributes;

namespace Sidestep.Benchmarks;

/// <summary>CRC-32C and fingerprint of 20 MB beside a memory copy.</summary>
[MemoryDiagnoser]
public class ChecksumBenchmark
{
    private readonly byte[] _bytes = new byte[20_000_000];
    private readonly byte[] _copy = new byte[20_000_000];

    [Benchmark(Baseline = true)]
    public void MemoryCopy() => _bytes.AsSpan().CopyTo(_copy);

    [Benchmark]
    public uint Crc32C() => Checksum.Crc32C(_bytes);

    [Benchmark]
    public ulong Fingerprint() => Checksum.Fingerprint(_bytes);
}

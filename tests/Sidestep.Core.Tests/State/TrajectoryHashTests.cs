using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep.Tests;

public sealed class TrajectoryHashTests
{
    private static readonly float[] Model = [1f, 2f, -0f];

    [Fact]
    public void Append_links_follow_the_definition()
    {
        var optimizer = new Optimizer([5f, 6f], [7f]);
        using var hash = new TrajectoryHash();
        Assert.Equal(new string('0', 64), hash.Hex);

        var link = new byte[32];
        foreach (var round in new long[] { 50, 100 })
        {
            hash.Append(round, Model, optimizer);
            var digest = SHA256.HashData(Bytes([1f, 2f, -0f, 5f, 6f, 7f]));
            var number = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(number, round);
            link = SHA256.HashData([.. link, .. number, .. digest]);
            Assert.Equal(Convert.ToHexStringLower(link), hash.Hex);
        }
    }

    [Fact]
    public void Append_anything_different_changes_the_hash()
    {
        string[] hashes =
        [
            After(50, Model, new Optimizer([1f])), After(51, Model, new Optimizer([1f])),
            After(50, [1f, 2f, 0f], new Optimizer([1f])), After(50, Model, new Optimizer([2f])), After(50, Model, new Optimizer()),
        ];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Saved_and_loaded_chain_goes_on_the_same()
    {
        using var whole = new TrajectoryHash();
        using var resumed = new TrajectoryHash();
        whole.Append(1, Model, new Optimizer());
        var buffer = new ArrayBufferWriter<byte>();
        StateBytes.Write(whole, buffer);
        StateBytes.Read(buffer.WrittenSpan, resumed);
        whole.Append(2, Model, new Optimizer());
        resumed.Append(2, Model, new Optimizer());
        Assert.Equal(whole.Hex, resumed.Hex);
    }

    [Fact]
    public void Append_warm_allocates_nothing()
    {
        using var hash = new TrajectoryHash();
        var optimizer = new Optimizer([1f], [2f]);
        hash.Append(1, Model, optimizer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        hash.Append(2, Model, optimizer);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string After(long round, float[] model, Optimizer optimizer)
    {
        using var hash = new TrajectoryHash();
        hash.Append(round, model, optimizer);
        return hash.Hex;
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private sealed class Optimizer(params float[][] parts) : IOptimizerSession
    {
        public void Step(long round, Span<float> parameters, ReadOnlySpan<float> gradient)
        {
        }

        public void Digest(Action<ReadOnlySpan<byte>> append)
        {
            foreach (var part in parts)
            {
                append(MemoryMarshal.AsBytes(part.AsSpan()));
            }
        }

        public void Save(IStateWriter writer)
        {
        }

        public void Load(IStateReader reader)
        {
        }
    }
}

using System.Buffers;
using System.Runtime.InteropServices;

namespace Sidestep.Training.Tests.Compression;

/// <summary>Laws of every compressor in the catalog, with several parameters.</summary>
public sealed class CompressorLawTests
{
    public static TheoryData<string> Names => new(
        CompressorCatalog.Entries.Select(e => e.Example).Concat(["top-k(1)", "top-k(0.3)", "top-k(1.0)", "feedback(top-k(1))", "feedback(none)"]).Distinct());

    public static TheoryData<string> Memoryless => new("none", "top-k(1)", "top-k(0.01)", "top-k(0.3)", "top-k(1.0)");

    [Theory]
    [MemberData(nameof(Names))]
    public void Name_parsed_is_the_same_compressor(string text)
    {
        var compressor = CompressorSyntax.Parse(text);

        Assert.Equal(text, compressor.Name);
        Assert.Equal(compressor, CompressorSyntax.Parse(compressor.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_of_any_vector_stays_within_its_bound_and_is_repeatable(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        foreach (var (name, values) in Vectors.Awkward())
        {
            var message = Ends.Encode(compressor, values);

            Assert.True(message.Length <= compressor.MaxBytes(values.Length), name);
            Assert.Equal(compressor.MaxBytes(values.Length), compressor.CreateReader(Ends.Key, values.Length).MaxBytes(values.Length));
            Assert.Equal(message, Ends.Encode(compressor, values));
        }
    }

    [Theory]
    [MemberData(nameof(Memoryless))]
    public void Compressing_twice_changes_nothing_more(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        foreach (var (name, values) in Vectors.Awkward())
        {
            var message = Ends.Encode(compressor, values);
            var decoded = Ends.Decode(compressor, message, values.Length);

            Assert.True(message.AsSpan().SequenceEqual(Ends.Encode(compressor, decoded)), name);
        }
    }

    [Theory]
    [MemberData(nameof(Memoryless))]
    public void Contraction_holds_for_awkward_and_random_vectors(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        var random = Enumerable.Range(0, 200).Select(i => ($"random {i}", Vectors.Gaussian(1 + (i % 97), i)));
        foreach (var (name, values) in Vectors.Awkward().Concat(random))
        {
            var decoded = Ends.Decode(compressor, Ends.Encode(compressor, values), values.Length);
            var lost = 0.0;
            for (var i = 0; i < values.Length; i++)
            {
                lost += ((double)decoded[i] - values[i]) * ((double)decoded[i] - values[i]);
            }

            var contraction = compressor.Traits.Contraction(values.Length);
            Assert.InRange(contraction, 1, values.Length);
            Assert.True(lost <= (1 - (1 / contraction)) * Vectors.Energy(values) * (1 + 1e-6), name);
        }
    }

    [Theory]
    [MemberData(nameof(Memoryless))]
    public void Scaling_by_a_power_of_two_scales_what_arrives(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        foreach (var factor in new[] { 4f, -2f, 0.125f, -1f })
        {
            var values = Vectors.Gaussian(333, 5);
            var scaled = Array.ConvertAll(values, v => v * factor);
            var expected = Array.ConvertAll(Ends.Decode(compressor, Ends.Encode(compressor, values), 333), v => v == 0 ? 0 : v * factor);

            Vectors.SameBits(expected, Ends.Decode(compressor, Ends.Encode(compressor, scaled), 333), $"{text} × {factor}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Non_finite_value_is_refused_and_nothing_changes(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        foreach (var length in new[] { 1, 40, 5000 })
        {
            foreach (var bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                var writer = compressor.CreateWriter(Ends.Key, length);
                var reference = compressor.CreateWriter(Ends.Key, length);
                var values = Vectors.Gaussian(length, 1);
                Assert.Equal(Ends.Write(reference, 0, values), Ends.Write(writer, 0, values));
                var buffer = new ArrayBufferWriter<byte>();
                var poisoned = (float[])values.Clone();
                poisoned[length / 2] = bad;

                Assert.Throws<NonFiniteException>(() => writer.Write(1, poisoned, buffer));

                Assert.Equal(0, buffer.WrittenCount);
                Assert.Equal(Ends.Write(reference, 1, values), Ends.Write(writer, 1, values));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Changed_message_is_refused_or_well_formed_and_never_a_crash(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        var values = Vectors.Gaussian(37, 4);
        var message = Ends.Encode(compressor, values);
        var reader = compressor.CreateReader(Ends.Key, values.Length);
        foreach (var changed in Damage.EveryBit(message).Concat(Damage.EveryLength(message)))
        {
            var vector = Vectors.Make(values.Length, i => i);
            try
            {
                reader.Read(0, changed, vector);
                Assert.All(vector, v => Assert.True(float.IsFinite(v)));
            }
            catch (MalformedException)
            {
                Vectors.SameBits(Vectors.Make(values.Length, i => i), vector, "a refused message must not change the vector");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Saved_writer_continues_to_the_same_bytes(string text)
    {
        var compressor = CompressorSyntax.Parse(text);
        var writer = compressor.CreateWriter(Ends.Key, 100);
        for (var round = 0; round < 5; round++)
        {
            Ends.Write(writer, round, Vectors.Gaussian(100, round));
            writer.Settle(round, used: round % 2 == 0);
        }

        Ends.Write(writer, 5, Vectors.Gaussian(100, 5));
        var restored = compressor.CreateWriter(Ends.Key, 100);
        var state = new ArrayBufferWriter<byte>();
        StateBytes.Write(writer, state);
        StateBytes.Read(state.WrittenSpan, restored);
        for (var round = 6; round < 10; round++)
        {
            writer.Settle(round - 1, used: round % 3 == 0);
            restored.Settle(round - 1, used: round % 3 == 0);
            var values = Vectors.Gaussian(100, round);
            Assert.Equal(Ends.Write(writer, round, values), Ends.Write(restored, round, values));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Warm_ends_allocate_nothing(string text)
    {
        const int length = 20_000;
        var compressor = CompressorSyntax.Parse(text);
        var writer = compressor.CreateWriter(Ends.Key, length);
        var reader = compressor.CreateReader(Ends.Key, length);
        var buffer = new Ends.Fixed(compressor.MaxBytes(length));
        var message = new ArrayBufferWriter<byte>(compressor.MaxBytes(length));
        float[] values = Vectors.Gaussian(length, 3), decoded = new float[length];
        void Round(long round)
        {
            buffer.Clear();
            message.ResetWrittenCount();
            writer.Write(round, values, buffer);
            writer.Write(round, values, message);
            writer.Settle(round, used: false);
            reader.Read(round, message.WrittenSpan, decoded);
        }

        for (var round = 0; round < 5; round++)
        {
            Round(round);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 5; round < 10; round++)
        {
            Round(round);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Vector_of_another_length_is_an_argument_error(string text)
    {
        var compressor = CompressorSyntax.Parse(text);

        Assert.Throws<ArgumentException>(() => Ends.Write(compressor.CreateWriter(Ends.Key, 10), 0, new float[9]));
        Assert.Throws<ArgumentException>(() => compressor.CreateReader(Ends.Key, 10).Read(0, Ends.Encode(compressor, new float[10]), new float[11]));
        Assert.Throws<ConfigurationException>(() => compressor.CreateWriter(Ends.Key, 0));
    }

    [Fact]
    public void None_returns_the_very_bits()
    {
        foreach (var (name, values) in Vectors.Awkward())
        {
            var message = Ends.Encode(new NoneCompressor(), values);

            Assert.True(MemoryMarshal.AsBytes<float>(values).SequenceEqual(message), name);
            Vectors.SameBits(values, Ends.Decode(new NoneCompressor(), message, values.Length), name);
        }
    }
}

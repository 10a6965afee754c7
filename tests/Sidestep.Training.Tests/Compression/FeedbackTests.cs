using System.Buffers;
using FsCheck.Xunit;

namespace Sidestep.Training.Tests.Compression;

/// <summary>Laws of error feedback.</summary>
public sealed class FeedbackTests
{
    [Fact]
    public void Held_plus_sent_is_what_was_to_be_sent_bit_for_bit()
    {
        var feedback = new Feedback(new TopK(0.1));
        foreach (var (name, values) in Vectors.Awkward())
        {
            var writer = feedback.CreateWriter(Ends.Key, values.Length);
            var memory = (IFeedbackMemory)writer;
            for (var round = 0; round < 4; round++)
            {
                // Shrinking vectors: sums stay finite for the largest numbers.
                var given = Array.ConvertAll(values, v => MathF.ScaleB(v, -2 - round));
                var wanted = new float[values.Length];
                for (var i = 0; i < wanted.Length; i++)
                {
                    wanted[i] = memory.Held[i] + given[i];
                }

                var sent = Ends.Decode(feedback, Ends.Write(writer, round, given), values.Length);
                for (var i = 0; i < wanted.Length; i++)
                {
                    sent[i] += memory.Held[i];
                }

                Vectors.SameBits(wanted, sent, $"{name}, round {round}");
                Assert.Equal(round, memory.ValidAfter);
            }
        }
    }

    [Property(MaxTest = 100)]
    public void Used_plus_held_is_all_that_was_given_exactly(int seed, bool repeat)
    {
        var rng = new Rng((ulong)seed, Purpose.Test, 0, 0, 0);
        var length = 1 + rng.Next(70);
        var feedback = new Feedback(TopK.OfCount(1 + rng.Next(length)));
        var writer = feedback.CreateWriter(Ends.Key, length);
        long[] given = new long[length], used = new long[length];
        for (var round = 0; round < 40; round++)
        {
            var values = new float[length];
            for (var i = 0; i < length; i++)
            {
                values[i] = rng.Next(201) - 100;
                given[i] += (long)values[i];
            }

            var message = Ends.Write(writer, round, values);
            if (repeat && rng.Next(3) == 0)
            {
                Assert.Equal(message, Ends.Write(writer, round, values));
            }

            var counts = rng.Next(3) > 0;
            writer.Settle(round, counts);
            writer.Settle(round, !counts);
            writer.Settle(round - 1, false);
            var sent = Ends.Decode(feedback, message, length);
            for (var i = 0; counts && i < length; i++)
            {
                used[i] += (long)sent[i];
            }
        }

        var held = ((IFeedbackMemory)writer).Held;
        for (var i = 0; i < length; i++)
        {
            Assert.Equal(given[i], used[i] + (long)held[i]);
        }
    }

    [Fact]
    public void Unused_message_restores_the_whole_debt()
    {
        var writer = new Feedback(TopK.OfCount(1)).CreateWriter(Ends.Key, 3);
        var memory = (IFeedbackMemory)writer;
        Assert.Equal(-1, memory.ValidAfter);
        Assert.True(memory.HeldBefore.IsEmpty);

        Ends.Write(writer, 4, [1, 5, 2]);
        Assert.Equal([1, 0, 2], memory.Held.ToArray());
        Assert.Equal([0, 0, 0], memory.HeldBefore.ToArray());
        writer.Settle(4, used: false);
        writer.Settle(4, used: false);

        Assert.Equal([1, 5, 2], memory.Held.ToArray());
        Assert.Equal(4, memory.ValidAfter);
    }

    [Fact]
    public void Same_round_again_starts_from_the_memory_before_it()
    {
        var writer = new Feedback(TopK.OfCount(1)).CreateWriter(Ends.Key, 3);
        var memory = (IFeedbackMemory)writer;
        Ends.Write(writer, 0, [1, 5, 2]);
        writer.Settle(0, used: true);
        var first = Ends.Write(writer, 1, [0, 1, 3]);
        writer.Settle(1, used: false);

        Assert.Equal(first, Ends.Write(writer, 1, [0, 1, 3]));

        Assert.Equal([1, 1, 0], memory.Held.ToArray());
        Assert.Equal([1, 0, 2], memory.HeldBefore.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Ends.Write(writer, 0, [0, 0, 0]));
    }

    [Fact]
    public void Restored_writer_can_still_restore_an_unused_message()
    {
        var feedback = new Feedback(TopK.OfCount(2));
        var writer = feedback.CreateWriter(Ends.Key, 5);
        Ends.Write(writer, 7, [3, -4, 1, 2, -5]);
        var restored = feedback.CreateWriter(Ends.Key, 5);
        var state = new ArrayBufferWriter<byte>();
        StateBytes.Write(writer, state);
        StateBytes.Read(state.WrittenSpan, restored);
        var memory = (IFeedbackMemory)restored;
        Assert.Equal([3, 0, 1, 2, 0], memory.Held.ToArray());
        Assert.Equal(7, memory.ValidAfter);
        Assert.True(memory.HeldBefore.IsEmpty);

        restored.Settle(7, used: false);

        Assert.Equal([3, -4, 1, 2, -5], memory.Held.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Ends.Write(restored, 7, new float[5]));
    }

    [Fact]
    public void Sum_that_overflows_is_refused_and_the_memory_stays()
    {
        var writer = new Feedback(TopK.OfCount(1)).CreateWriter(Ends.Key, 2);
        var memory = (IFeedbackMemory)writer;
        var message = Ends.Write(writer, 0, [float.MaxValue, 3e38f]);
        Assert.NotEmpty(message);

        Assert.Throws<NonFiniteException>(() => Ends.Write(writer, 1, [0, 3e38f]));

        Assert.Equal([0, 3e38f], memory.Held.ToArray());
        Assert.Equal(0, memory.ValidAfter);
        writer.Settle(0, used: false);
        Assert.Equal([float.MaxValue, 3e38f], memory.Held.ToArray());
    }

    [Fact]
    public void State_that_is_not_finite_is_refused()
    {
        var bag = new Optimizers.StateBag();
        bag.WriteOne("valid-after", 3L);
        bag.Write<float>("held", [1, float.NaN]);
        bag.Write<byte>("unsettled", []);

        Assert.Throws<MalformedException>(() => new Feedback(TopK.OfCount(1)).CreateWriter(Ends.Key, 2).Load(bag));
    }

    [Fact]
    public void Memory_around_a_memory_is_refused() =>
        Assert.Throws<ConfigurationException>(() => new Feedback(new Feedback(new TopK(0.1))));

    [Fact]
    public void Three_workers_without_feedback_diverge_by_the_stated_factor_and_with_it_converge()
    {
        const double rate = 0.01;
        var plain = new Counterexample(new TopK(0.3));
        for (var round = 0; round < 200; round++)
        {
            var before = plain.Point[0];
            plain.Step(rate);
            Assert.Equal(1.018333, plain.Point[0] / before, 1e-6);
        }

        var repaired = new Counterexample(new Feedback(new TopK(0.3)));
        for (var round = 0; round < 3000; round++)
        {
            repaired.Step(rate);
        }

        Assert.True(repaired.Value < 1e-25, $"f = {repaired.Value}");
    }

    // f_i = ⟨a_i, x⟩² + ¼‖x‖²; every worker's largest entry pushes the wrong way.
    private sealed class Counterexample(ICompressor<float> compressor)
    {
        private static readonly double[][] Directions = [[-3, 2, 2], [2, -3, 2], [2, 2, -3]];

        private readonly IVectorWriter<float>[] _writers = Directions.Select(_ => compressor.CreateWriter(Ends.Key, 3)).ToArray();
        private long _round;

        public double[] Point { get; } = [1, 1, 1];

        public double Value => Directions.Average(a => Math.Pow(Dot(a), 2)) + (0.25 * Point.Sum(x => x * x));

        public void Step(double rate)
        {
            var mean = new double[3];
            for (var worker = 0; worker < 3; worker++)
            {
                var a = Directions[worker];
                var along = Dot(a);
                var gradient = Vectors.Make(3, i => (float)((2 * along * a[i]) + (0.5 * Point[i])));
                var sent = Ends.Decode(compressor, Ends.Write(_writers[worker], _round, gradient), 3);
                for (var i = 0; i < 3; i++)
                {
                    mean[i] += sent[i] / 3.0;
                }
            }

            for (var i = 0; i < 3; i++)
            {
                Point[i] -= rate * mean[i];
            }

            _round++;
        }

        private double Dot(double[] a) => (a[0] * Point[0]) + (a[1] * Point[1]) + (a[2] * Point[2]);
    }
}

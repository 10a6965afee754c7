namespace Sidestep.Training.Tests.Mixers;

/// <summary>Laws of every mixer in the catalog.</summary>
public sealed class MixerLawTests
{
    private static readonly int[] Lengths = [1, 2, 3, 5, 8, 9, 17, 100];

    public static TheoryData<string> Names => new(MixerCatalog.Entries.Select(e => e.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Everybody_ends_with_the_same_bits_of_the_mean(string mixer)
    {
        for (var n = 1; n <= 9; n++)
        {
            foreach (var length in Lengths)
            {
                var scene = new MixScene(mixer, length, (ulong)(n + length));
                var members = Enumerable.Range(0, n).Select(i => (2 * i) + 1).ToArray();
                for (var round = 0; round < 3; round++)
                {
                    var vectors = Vectors(n, length, round);
                    var mean = Mean(vectors, null);

                    var outcomes = scene.Mix(round, 0, members, vectors);

                    Assert.All(outcomes, o => Assert.Equal(new MixOutcome(n, true), o));
                    CheckMean(mean, vectors, $"{mixer}, {n} members, length {length}");
                }

                scene.Close();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weights_count(string mixer)
    {
        for (var n = 1; n <= 6; n++)
        {
            var scene = new MixScene(mixer, 20, 3);
            var vectors = Vectors(n, 20, n);
            var weights = Enumerable.Range(0, n).Select(i => 0.25 + (3 * i)).ToArray();
            var mean = Mean(vectors, weights);

            scene.Mix(0, 0, Enumerable.Range(0, n).ToArray(), vectors, weights);

            CheckMean(mean, vectors, $"{mixer}, {n} members");
            scene.Close();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Consensus_is_a_fixed_point(string mixer)
    {
        for (var n = 1; n <= 9; n++)
        {
            var scene = new MixScene(mixer, 50, 3);
            var point = Compression.Vectors.LogUniform(50);
            point[7] = float.MaxValue;
            point[8] = float.Epsilon;
            var vectors = Enumerable.Range(0, n).Select(_ => (float[])point.Clone()).ToArray();

            scene.Mix(0, 0, Enumerable.Range(0, n).ToArray(), vectors, Enumerable.Range(0, n).Select(i => 1 + (i / 7.0)).ToArray());

            Assert.All(vectors, v => Compression.Vectors.SameBits(point, v, $"{mixer}, {n} members"));
            scene.Close();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Order_of_events_does_not_change_a_bit(string mixer)
    {
        float[]? first = null;
        for (ulong seed = 0; seed < 50; seed++)
        {
            var scene = new MixScene(mixer, 33, seed);
            var vectors = Vectors(5, 33, 1);

            scene.Mix(4, 0, [0, 1, 2, 3, 4], vectors);

            first ??= vectors[0];
            Compression.Vectors.SameBits(first, vectors[0], $"seed {seed}");
            scene.Close();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Messages_keep_to_their_bounds(string mixer)
    {
        for (var n = 1; n <= 7; n++)
        {
            foreach (var length in Lengths)
            {
                var scene = new MixScene(mixer, length, 1);
                scene.Mix(0, 0, Enumerable.Range(0, n).ToArray(), Vectors(n, length, 1));

                var (least, most) = MixerCatalog.Find(mixer).MessageBytes(ModelShape.Flat(length), 7);
                Assert.All(scene.Network.Sent, m =>
                {
                    Assert.InRange((int)m.Fingerprint, least, most);
                    Assert.Equal(Topic.Mix, m.Topic);
                });
                scene.Close();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Lost_member_and_a_new_attempt_give_the_mean_of_the_others(string mixer)
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            for (var n = 2; n <= 5; n++)
            {
                LoseOne(mixer, n, lost: (int)(seed % (ulong)n), after: (int)(seed % 7), seed);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cancelled_mix_is_not_completed_and_does_not_throw(string mixer)
    {
        var scene = new MixScene(mixer, 10, 1);
        using var given = new CancellationTokenSource();
        scene.Run(async () =>
        {
            var alone = scene.Session(0).MixAsync(new MixRound(0, 0, new[] { 0, 1 }), new float[10], given.Token).AsTask();
            var hub = scene.NeedsHub ? scene.Hub(0, 0, [0, 1], given.Token) : Task.FromResult(new MixOutcome(2, false));
            for (var i = 0; i < 20; i++)
            {
                await Task.Yield();
            }

            given.Cancel();
            Assert.Equal(new MixOutcome(2, false), await alone);
            Assert.Equal(new MixOutcome(2, false), await hub);
            Assert.False((await scene.Session(0).MixAsync(new MixRound(1, 0, new[] { 0, 1 }), new float[10], given.Token)).Completed);
        });
        scene.Close();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Wrong_round_is_an_argument_error(string mixer)
    {
        var session = new MixScene(mixer, 4, 1).Session(1);

        void Refused(MixRound round, int length = 4) =>
            Assert.ThrowsAny<ArgumentException>(() => session.MixAsync(round, new float[length], default).AsTask().GetAwaiter().GetResult());
        Refused(new MixRound(0, 0, Array.Empty<int>()));
        Refused(new MixRound(0, 0, new[] { 0, 2 }));
        Refused(new MixRound(0, 0, new[] { 1, 0 }));
        Refused(new MixRound(0, -1, new[] { 1 }));
        Refused(new MixRound(0, 0, new[] { 1 }, Weight: 0));
        Refused(new MixRound(0, 0, new[] { 1 }, Weight: double.NaN));
        Refused(new MixRound(0, 0, new[] { 1 }), length: 5);
    }

    [Fact]
    public void Unknown_mixer_names_the_nearest()
    {
        var error = Assert.Throws<ConfigurationException>(() => MixerCatalog.Find("ring-allreduce"));

        Assert.Contains("'ring-all-reduce'", error.Message, StringComparison.Ordinal);
    }

    // A member falls silent after some messages; the others are told, restore their vectors and repeat without it.
    private static void LoseOne(string mixer, int n, int lost, int after, ulong seed)
    {
        var scene = new MixScene(mixer, 12, seed);
        var members = Enumerable.Range(0, n).ToArray();
        var others = members.Where(m => m != lost).ToArray();
        var vectors = Vectors(n, 12, (int)seed);
        var rest = others.Select(m => (float[])vectors[m].Clone()).ToArray();
        var mean = Mean(rest, null);
        var left = after;
        scene.Network.Passes = m => m.From != lost || left-- > 0;
        scene.Run(async () =>
        {
            var rng = new Rng(seed, Purpose.Test, n, 0, 0);
            var repeats = others.Select((m, i) => TwiceAsync(scene, m, members, others, vectors[m], rest[i], 1 + rng.Next(60))).ToList();
            if (scene.NeedsHub)
            {
                repeats.Add(HubTwiceAsync(scene, members, others));
            }

            using var death = new CancellationTokenSource();
            var dying = scene.Session(lost).MixAsync(new MixRound(0, 0, members), vectors[lost], death.Token).AsTask();
            await Task.WhenAll(repeats);
            death.Cancel();
            await dying;
        });
        CheckMean(mean, rest, $"{mixer}, {n} members, {lost} lost after {after}, seed {seed}");
        scene.Close();
    }

    // Told at different moments: some are in the next attempt while others are still in the first.
    private static async Task TwiceAsync(
        MixScene scene, int id, int[] members, int[] others, float[] spoiled, float[] kept, int patience)
    {
        using var given = new CancellationTokenSource();
        var first = scene.Session(id).MixAsync(new MixRound(0, 0, members), spoiled, given.Token).AsTask();
        for (var i = 0; i < patience; i++)
        {
            await Task.Yield();
        }

        given.Cancel();
        await first;
        var second = await scene.Session(id).MixAsync(new MixRound(0, 1, others), kept, default);
        Assert.Equal(new MixOutcome(others.Length, true), second);
    }

    private static async Task HubTwiceAsync(MixScene scene, int[] members, int[] others)
    {
        using var given = new CancellationTokenSource();
        var first = scene.Hub(0, 0, members, given.Token);
        for (var i = 0; i < 10; i++)
        {
            await Task.Yield();
        }

        given.Cancel();
        await first;
        Assert.True((await scene.Hub(0, 1, others, default)).Completed);
    }

    private static float[][] Vectors(int n, int length, int seed) =>
        Enumerable.Range(0, n).Select(i => Compression.Vectors.Gaussian(length, (1000 * seed) + i)).ToArray();

    private static double[] Mean(float[][] vectors, double[]? weights)
    {
        var mean = new double[vectors[0].Length];
        var total = 0.0;
        for (var v = 0; v < vectors.Length; v++)
        {
            var weight = weights?[v] ?? 1;
            total += weight;
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += weight * vectors[v][i];
            }
        }

        return Array.ConvertAll(mean, m => m / total);
    }

    private static void CheckMean(double[] mean, float[][] mixed, string what)
    {
        Assert.All(mixed, m => Compression.Vectors.SameBits(mixed[0], m, what));
        for (var i = 0; i < mean.Length; i++)
        {
            Assert.Equal(mean[i], mixed[0][i], mixed.Length * 4e-7);
        }
    }
}

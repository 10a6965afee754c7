namespace Sidestep.Training.Tests.Optimizers;

public sealed class OptimizerTests
{
    private const int Length = 37;

    public static TheoryData<string> All => new("sgd", "momentum", "nesterov", "fista", "adam", "adamw");

    private static IScheduledOptimizer Make(string name)
    {
        var rate = new WarmUp(new StepSchedule(0.05, 0.7, 5), 3);
        return name switch
        {
            "sgd" => new Sgd(rate),
            "momentum" => new Momentum(rate, 0.9),
            "nesterov" => new Nesterov(rate, 0.9),
            "fista" => new Nesterov(rate),
            "adam" => new Adam(rate),
            _ => new AdamW(rate, Decay: 0.1),
        };
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Step_agrees_with_a_double_reference(string name)
    {
        var optimizer = Make(name);
        var session = optimizer.Create(Length);
        var w = Start();
        var reference = new DoubleReference(name, w);
        for (var round = 0; round < 20; round++)
        {
            var g = Gradient(round, w);
            session.Step(round, w, g);
            reference.Step(optimizer.Rate.Rate(round), g);
            for (var i = 0; i < Length; i++)
            {
                Assert.Equal(reference.W[i], w[i], 2e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Load_midway_continues_to_the_same_bits(string name)
    {
        var optimizer = Make(name);
        var session = optimizer.Create(Length);
        var w = Start();
        Run(session, w, 0, 7);
        var bag = new StateBag();
        session.Save(bag);
        var copy = w.ToArray();
        var other = optimizer.Create(Length);
        Run(other, Start(), 0, 2);
        other.Load(bag);
        Run(session, w, 7, 15);
        Run(other, copy, 7, 15);
        Assert.Equal(w, copy);
        Assert.Equal(Digest(session), Digest(other));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Digest_changes_with_state_only(string name)
    {
        var session = Make(name).Create(Length);
        var before = Digest(session);
        Run(session, Start(), 0, 3);
        Assert.Equal(name == "sgd", before.SequenceEqual(Digest(session)));
        Assert.Equal(name == "sgd", before.Length == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Step_tail_elements_and_vector_elements_get_the_same_bits(string name)
    {
        // One vector of equal elements: vector lanes and the scalar tail must not differ.
        var session = Make(name).Create(Length);
        var w = new float[Length];
        Array.Fill(w, 0.3f);
        for (var round = 0; round < 12; round++)
        {
            var g = new float[Length];
            Array.Fill(g, (float)Math.Sin(round + 1));
            session.Step(round, w, g);
            Assert.All(w, value => Assert.Equal(BitConverter.SingleToInt32Bits(w[0]), BitConverter.SingleToInt32Bits(value)));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Step_allocates_nothing(string name)
    {
        var session = Make(name).Create(Length);
        var w = Start();
        var g = new float[Length];
        session.Step(0, w, g);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 1; round < 100; round++)
        {
            session.Step(round, w, g);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Step_wrong_length_is_an_argument_error(string name)
    {
        var session = Make(name).Create(Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step(0, new float[Length], new float[Length - 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Step(0, new float[Length + 1], new float[Length]));
    }

    [Theory]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    public void Load_state_of_another_length_is_malformed(string name)
    {
        var bag = new StateBag();
        Make(name).Create(3).Save(bag);
        Assert.Throws<MalformedException>(() => Make(name).Create(4).Load(bag));
        Assert.Throws<MalformedException>(() => Make(name).Create(3).Load(new StateBag()));
    }

    [Fact]
    public void Create_parameters_out_of_range_are_refused()
    {
        Assert.Throws<ConfigurationException>(() => new Momentum(0.1, 1).Create(1));
        Assert.Throws<ConfigurationException>(() => new Nesterov(0.1, -0.1).Create(1));
        Assert.Throws<ConfigurationException>(() => new Adam(0.1, 1).Create(1));
        Assert.Throws<ConfigurationException>(() => new Adam(0.1, Beta2: double.NaN).Create(1));
        Assert.Throws<ConfigurationException>(() => new Adam(0.1, Epsilon: 0).Create(1));
        Assert.Throws<ConfigurationException>(() => new AdamW(0.1, Decay: -1).Create(1));
    }

    [Fact]
    public void Names_are_those_of_the_catalog() =>
        Assert.Equal(["sgd", "momentum", "nesterov", "nesterov", "adam", "adamw"], new[] { "sgd", "momentum", "nesterov", "fista", "adam", "adamw" }.Select(n => Make(n).Name));

    [Fact]
    public void Momentum_without_beta_is_sgd_and_AdamW_without_decay_is_Adam()
    {
        var (a, b) = (Start(), Start());
        Run(new Sgd(0.1).Create(Length), a, 0, 5);
        Run(new Momentum(0.1, 0).Create(Length), b, 0, 5);
        Assert.Equal(a, b);
        (a, b) = (Start(), Start());
        Run(new Adam(0.1).Create(Length), a, 0, 5);
        Run(new AdamW(0.1, Decay: 0).Create(Length), b, 0, 5);
        Assert.Equal(a, b);
    }

    [Fact]
    public void Adam_first_step_is_the_rate_times_the_sign()
    {
        var w = new float[] { 0, 0 };
        new Adam(0.01).Create(2).Step(0, w, [5f, -1e-3f]);
        Assert.Equal(-0.01f, w[0], 1e-6f);
        Assert.Equal(0.01f, w[1], 1e-6f);
    }

    [Fact]
    public void Kernels_vector_and_scalar_agree_bit_for_bit()
    {
        var random = new Random(5);
        float[] Draw() => [.. Enumerable.Range(0, Length).Select(_ => (float)(random.NextDouble() - 0.5))];
        var (w, g, v, m) = (Draw(), Draw(), Draw(), Draw());
        var square = v.Select(x => x * x).ToArray();
        var (w1, v1) = (w.ToArray(), v.ToArray());
        var (w2, v2) = (w.ToArray(), v.ToArray());
        NesterovKernels.Step(0.1f, 0.8f, 0.9f, w1, g, v1);
        NesterovKernels.StepScalar(0.1f, 0.8f, 0.9f, 0, w2, g, v2);
        Assert.Equal(w2, w1);
        Assert.Equal(v2, v1);
        Assert.Equal(g.Zip(v, (a, b) => (double)a * ((0.8f * b) + a)).Sum(), NesterovKernels.DotNext(0.8f, g, v), 1e-12);
        var step = new AdamStep(0.9f, 0.1f, 0.999f, 0.001f, 0.99f, 0.1f, 3f, 1e-8f);
        var (m1, s1, m2, s2) = (m.ToArray(), square.ToArray(), m.ToArray(), square.ToArray());
        AdamKernels.Step(step, w1, g, m1, s1);
        AdamKernels.StepScalar(step, 0, w2, g, m2, s2);
        Assert.Equal(w2, w1);
        Assert.Equal(m2, m1);
        Assert.Equal(s2, s1);
    }

    private static float[] Start() => [.. Enumerable.Range(0, Length).Select(i => (float)Math.Cos(i))];

    private static float[] Gradient(int round, float[] w) => [.. w.Select((x, i) => ((1 + (i % 5)) * x) + (0.1f * (float)Math.Sin(round + i)))];

    private static void Run(IOptimizerSession session, float[] w, int from, int to)
    {
        for (var round = from; round < to; round++)
        {
            session.Step(round, w, Gradient(round, w));
        }
    }

    private static byte[] Digest(IOptimizerSession session)
    {
        var bytes = new List<byte>();
        session.Digest(part => bytes.AddRange(part));
        return [.. bytes];
    }
}

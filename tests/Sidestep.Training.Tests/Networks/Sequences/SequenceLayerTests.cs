using Sidestep.Training.Tests.Objectives;

namespace Sidestep.Training.Tests.Networks.Sequences;

public sealed class SequenceLayerTests
{
    private static readonly MapShape Shape = MapShape.Sequence(6, 8);

    public static TheoryData<string, KernelChoice> Cases
    {
        get
        {
            var cases = new TheoryData<string, KernelChoice>();
            foreach (var name in new[] { "embedding", "positions", "attention-1", "attention-4", "relu-inside", "relu-first-and-last", "block" })
            {
                cases.Add(name, KernelChoice.Managed);
                cases.Add(name, KernelChoice.Auto);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_equals_the_definition_in_double(string name, KernelChoice kernels)
    {
        var bench = Make(name, kernels);
        bench.Run();
        var expected = DoubleSequence.Forward(bench.Layer, bench.Input, Samples.Wide(bench.Parameters), Samples.Wide(bench.Values));
        Assert.InRange(Samples.Distance(Samples.Wide(bench.Output), expected), 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_equals_central_differences_in_double(string name, KernelChoice kernels)
    {
        var bench = Make(name, kernels);
        bench.Run();
        var sum = new float[bench.Parameters.Length];
        bench.AddGradient(sum);
        Assert.InRange(Samples.Distance(Samples.Wide(sum), bench.Differences(inParameters: true)), 0, 2e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Delta_of_the_input_equals_central_differences_in_double(string name, KernelChoice kernels)
    {
        if (name == "embedding")
        {
            return;
        }

        var bench = Make(name, kernels);
        bench.Run();
        Assert.InRange(Samples.Distance(Samples.Wide(bench.InputDelta), bench.Differences(inParameters: false)), 0, 2e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Factors_of_weights_multiply_to_the_gradient(string name, KernelChoice kernels)
    {
        var bench = Make(name, kernels);
        bench.Run();
        for (var tensor = 0; tensor < bench.Tensors.Length; tensor++)
        {
            if (!bench.Tensors[tensor].IsWeight)
            {
                continue;
            }

            var expected = new float[bench.Lengths[tensor]];
            bench.Pass.AddGradient(tensor, bench.State(isBackward: true), expected);
            var factors = bench.Pass.Factors(tensor, bench.State(isBackward: true));
            Assert.Equal<int[]>([.. bench.Tensors[tensor].Dimensions], [factors.LeftColumns, factors.Right.Features]);
            var product = new float[expected.Length];
            CodedLayer.WeightGradient(MatrixProduct.Create(kernels), factors.Left, factors.LeftColumns, factors.Right, product);
            Assert.InRange(Samples.Distance(Samples.Wide(product), Samples.Wide(expected)), 0, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradient_is_added_and_parts_of_the_samples_sum_to_the_whole(string name, KernelChoice kernels)
    {
        var bench = Make(name, kernels);
        bench.Run();
        var sum = new float[bench.Parameters.Length];
        bench.AddGradient(sum);
        var once = (float[])sum.Clone();
        bench.AddGradient(sum);
        Assert.InRange(Samples.Distance(Samples.Wide(sum), [.. once.Select(v => 2.0 * v)]), 0, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pass_allocates_nothing_once_warm(string name, KernelChoice kernels)
    {
        var bench = Make(name, kernels);
        var sum = new float[bench.Parameters.Length];
        bench.Run();
        bench.AddGradient(sum);
        var before = GC.GetAllocatedBytesForCurrentThread();
        bench.Run();
        bench.AddGradient(sum);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Attention_at_a_position_does_not_depend_on_later_ones()
    {
        var bench = Make("attention-4", KernelChoice.Managed);
        bench.Run();
        var before = (float[])bench.Output.Clone();
        var last = bench.Values.AsSpan(5 * Shape.Channels, Shape.Channels);
        last.Fill(1e3f);
        bench.Run();
        Assert.Equal(before.AsSpan(0, 5 * Shape.Channels), bench.Output.AsSpan(0, 5 * Shape.Channels));
        Assert.NotEqual(before[(5 * Shape.Channels)..(6 * Shape.Channels)], bench.Output[(5 * Shape.Channels)..(6 * Shape.Channels)]);
    }

    [Fact]
    public void Attention_of_huge_scores_stays_finite()
    {
        var bench = Make("attention-1", KernelChoice.Managed);
        bench.Values.AsSpan().Fill(1e4f);
        bench.Run();
        Assert.All(bench.Output, v => Assert.True(float.IsFinite(v)));
        Assert.All(bench.InputDelta, v => Assert.True(float.IsFinite(v)));
    }

    [Theory]
    [InlineData(3, 8, "attention.heads is 3, which does not divide the 8 channels of 6 × 1 × 8; the nearest number below that does is 2")]
    [InlineData(16, 8, "the nearest number below that does is 8")]
    [InlineData(0, 8, "attention.heads is 0; it must be at least 1")]
    public void Attention_with_heads_that_do_not_divide_says_which_do(int heads, int channels, string expected) =>
        Refused(() => new Attention(heads).Output(MapShape.Sequence(6, channels)), expected);

    [Fact]
    public void Embedding_of_several_values_per_position_is_refused() =>
        Refused(() => new Embedding(5, 8).Output(Shape), "embedding takes positions of one token number each, such as 64 × 1 × 1; here come 6 × 1 × 8");

    [Fact]
    public void Residual_whose_layers_change_the_shape_is_refused()
    {
        Refused(() => new Residual([new Dense(5)]).Output(Shape), "residual adds its input, 6 × 1 × 8, to what its layers make of it, 6 × 1 × 5");
        Refused(() => new Residual([]).Output(Shape), "the number of layers in residual is 0");
        Refused(() => new Residual([new Relu(), new Attention(5)]).Output(Shape), "layer 1 (attention): attention.heads is 5");
    }

    [Theory]
    [InlineData(5f)]
    [InlineData(-1f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void Embedding_of_a_number_that_is_no_token_says_where(float token)
    {
        var bench = Make("embedding", KernelChoice.Managed);
        bench.Values[8] = token;
        var error = Assert.Throws<DataException>(bench.Run);
        Assert.Contains("sample 1 of a batch has token", error.Message, StringComparison.Ordinal);
        Assert.Contains("at position 2; the tokens are 0..4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Residual_names_tensors_by_the_place_of_the_inner_layer() => Assert.Equal(
        ["0.gain", "0.offset", "1.weight", "1.bias", "1.output.weight", "1.output.bias"],
        new Residual([new LayerNorm(), new Attention(2)]).Tensors(Shape).Select(t => t.Name));

    private static void Refused(Action act, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(act).Message, StringComparison.Ordinal);

    private static LayerBench Make(string name, KernelChoice kernels) => name switch
    {
        "embedding" => new LayerBench(new Embedding(5, 8), MapShape.Sequence(6, 1), 3, kernels, tokens: 5),
        "positions" => new LayerBench(new Positions(), Shape, 3, kernels),
        "attention-1" => new LayerBench(new Attention(1), Shape, 3, kernels),
        "attention-4" => new LayerBench(new Attention(4), Shape, 3, kernels),
        "relu-inside" => new LayerBench(new Residual([new Dense(12), new Relu(), new Dense(8)]), Shape, 3, kernels),
        "relu-first-and-last" => new LayerBench(new Residual([new Tanh(), new Dense(8), new Tanh(), new Relu()]), Shape, 3, kernels),
        _ => new LayerBench(
            new Residual([
                new Residual([new LayerNorm(), new Attention(2)]),
                new Residual([new LayerNorm(), new Dense(16), new Gelu(), new Dense(8)]),
            ]),
            Shape,
            3,
            kernels),
    };
}

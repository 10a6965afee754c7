using System.Text.Json.Nodes;
using NAMESPACE;
using Sidestep.Hosting;

namespace Sidestep.Cli.Tests.Hosting;

public sealed class CheckTests : IDisposable
{
    private const string Data = """{"kind":"gaussian-mixture","count":60,"features":5,"classes":3}""";
    private const string Two = """{"kind":"gaussian-mixture","count":60,"features":5,"classes":2}""";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("""{"kind":"two-layer-net","hidden":8,"l2":0.01}""", null)]
    [InlineData("""{"kind":"softmax","l2":0.01}""", Data)]
    [InlineData("""{"kind":"perceptron","hidden":[16,8],"activation":"relu","l2":0.01}""", Data)]
    [InlineData("""{"kind":"perceptron","hidden":[16],"activation":"tanh"}""", Data)]
    [InlineData("""{"kind":"logistic","l2":0.01}""", Two)]
    public async Task Right_gradients_are_found_sound(string objective, string? data)
    {
        var report = await ObjectiveCheck.RunAsync(Spec(OwnProgram.Host(), objective, data));
        Assert.True(report.Ok, Told(report));
        Assert.True(report.Deterministic);
        Assert.InRange(report.RelativeError!.Value, 0, 0.01);
        Assert.All(report.Laws, law => Assert.True(law.Ok, law.Found));
        Assert.Equal(0, report.ExitCode);
    }

    [Theory]
    [InlineData(Mistake.Factor, "hidden.weight")]
    [InlineData(Mistake.ForgottenPenalty, "output.weight")]
    [InlineData(Mistake.Sign, "output.bias")]
    [InlineData(Mistake.OneElement, "hidden.bias")]
    [InlineData(Mistake.Mean, "law: sum over samples")]
    [InlineData(Mistake.Overwrites, "law: adds to the sum")]
    [InlineData(Mistake.NotFinite, "law: finite")]
    public async Task Wrong_gradients_are_caught_where_they_are_wrong(Mistake mistake, string where)
    {
        var report = await ObjectiveCheck.RunAsync(Spec(Host(mistake), """{"kind":"wrong"}""", null));
        Assert.False(report.Ok, Told(report));
        Assert.Equal(65, report.ExitCode);
        Assert.Contains(where, report.Tensors.Where(t => !t.Ok).Select(t => t.Name).Concat(report.Laws.Where(l => !l.Ok).Select(l => "law: " + l.Name)));
    }

    [Fact]
    public async Task Chance_in_a_gradient_is_said_but_does_not_forbid_training()
    {
        var report = await ObjectiveCheck.RunAsync(Spec(Host(Mistake.Chance), """{"kind":"wrong"}""", null));
        Assert.True(report.Ok, Told(report));
        Assert.False(report.Deterministic);
    }

    [Fact]
    public void Command_reports_in_words_and_in_json()
    {
        var path = _bench.Spec();
        Assert.Equal(0, _bench.Run("check", path));
        Assert.Contains("sound: the gradient is the loss's gradient", _bench.Output, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Run("check", path, "--set", "objective.l2=0.1", "--json"));
        var json = JsonNode.Parse(_bench.Output)!;
        Assert.True((bool)json["ok"]!);
        Assert.Equal("softmax", (string)json["objective"]!);
        Assert.Equal(64, _bench.Run("check", path, "--samples", "1"));
        Assert.Equal(64, _bench.Run("check", path, "--tolerance", "0"));
        Assert.Equal(78, _bench.Run("check", _bench.In("none.json")));
    }

    private static ResolvedSpec Spec(SidestepHost host, string objective, string? data)
    {
        List<string> overrides = [$"objective={objective}", "kernels=managed"];
        if (data is not null)
        {
            overrides.Add($"data={data}");
        }

        return host.Build().Spec([.. overrides]);
    }

    private static SidestepHost Host(Mistake mistake) => OwnProgram.Host().AddObjective("wrong", c => new WrongNet(mistake));

    private static string Told(ObjectiveReport report) => string.Join('\n', report.Tensors) + "\n" + string.Join('\n', report.Laws);

    public enum Mistake
    {
        Factor,
        ForgottenPenalty,
        Sign,
        OneElement,
        Mean,
        Overwrites,
        NotFinite,
        Chance,
    }

    /// <summary>A right gradient, spoilt.</summary>
    private sealed class WrongNet(Mistake mistake) : IObjective
    {
        private const int Hidden = 6;
        private const double L2 = 0.05;

        private readonly TwoLayerNet _right = new(2, Hidden, L2);
        private int _calls;

        public ModelShape Shape => _right.Shape;

        public void Initialize(Rng rng, Span<float> model) => _right.Initialize(rng, model);

        public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop)
        {
            var own = new float[sum.Length];
            var loss = _right.Gradient(batch, model, own, stop);
            var (bias, output) = (Shape.Offset(1), Shape.Offset(2));
            Spoil(own, bias, output, batch.Count, model);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] = mistake == Mistake.Overwrites ? own[i] : sum[i] + own[i];
            }

            return mistake == Mistake.Mean ? loss / batch.Count : loss;
        }

        public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics) => _right.Evaluate(batch, model, metrics);

        private void Spoil(float[] own, int bias, int output, int samples, ReadOnlySpan<float> model)
        {
            switch (mistake)
            {
                case Mistake.Factor:
                    own.AsSpan(0, bias).Multiply(0.9f);
                    break;
                case Mistake.ForgottenPenalty:
                    for (var i = 0; i < Hidden; i++)
                    {
                        own[output + i] -= (float)(samples * L2 * model[output + i]);
                    }

                    break;
                case Mistake.Sign:
                    own[^1] *= -1;
                    break;
                case Mistake.OneElement:
                    own[bias + 2] = 0;
                    break;
                case Mistake.Mean:
                    own.AsSpan().Multiply(1f / samples);
                    break;
                case Mistake.NotFinite:
                    own[3] = float.NaN;
                    break;
                case Mistake.Chance:
                    own[0] *= 1 + (1e-6f * ++_calls);
                    break;
            }
        }
    }
}

internal static class SpanMath
{
    public static void Multiply(this Span<float> values, float factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }
    }
}

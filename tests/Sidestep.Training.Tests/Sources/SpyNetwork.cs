using System.Collections.Immutable;

namespace Sidestep.Training.Tests.Sources;

/// <summary>Writes down what is asked of a network's passes.</summary>
internal sealed class SpyNetwork(ILayered network) : ILayered
{
    public List<string> Log { get; } = [];

    /// <summary>Hears each call when it is over.</summary>
    public Action<string> Called { get; set; } = _ => { };

    public ModelShape Shape => network.Shape;

    public double Penalty => network.Penalty;

    public ImmutableArray<bool> IsWeight => network.IsWeight;

    public ImmutableArray<ImmutableArray<int>> Stages => network.Stages;

    public IStagedPass OpenPass() => new Pass(this, network.OpenPass());

    public void Initialize(Rng rng, Span<float> model) => network.Initialize(rng, model);

    public double Gradient(in Batch batch, ReadOnlySpan<float> model, Span<float> sum, CancellationToken stop) => network.Gradient(batch, model, sum, stop);

    public void Evaluate(in Batch batch, ReadOnlySpan<float> model, IMetrics metrics) => network.Evaluate(batch, model, metrics);

    private void Note(string call)
    {
        Log.Add(call);
        Called(call);
    }

    private sealed class Pass(SpyNetwork spy, IStagedPass pass) : IStagedPass
    {
        public int Samples => pass.Samples;

        public double Forward(in Batch batch, ReadOnlyMemory<float> model)
        {
            var loss = pass.Forward(batch, model);
            spy.Note("forward");
            return loss;
        }

        public void Backward(int stage)
        {
            pass.Backward(stage);
            spy.Note($"backward {stage}");
        }

        public GradientFactors Factors(int tensor)
        {
            spy.Note($"factors {tensor}");
            return pass.Factors(tensor);
        }

        public void AddGradient(int tensor, Span<float> sum)
        {
            pass.AddGradient(tensor, sum);
            spy.Note($"gradient {tensor}");
        }
    }
}

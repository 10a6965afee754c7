using System.Collections.Immutable;

namespace Sidestep.Hosting;

/// <summary>Measures a model on all rows of a set, in pieces. One thread at a time.</summary>
/// <param name="objective">Its own instance.</param>
/// <param name="rows">The rows, as one partition; its own reader.</param>
internal sealed class SetEvaluation(IObjective objective, IRows rows) : IMetrics
{
    private const int Piece = 512;

    private readonly OrderedDictionary<string, (double Sum, long Count)> _sums = new(StringComparer.Ordinal);
    private long[] _numbers = [];

    /// <summary>Names of the metrics that a first piece of rows brings.</summary>
    /// <param name="model">Any model of the objective's shape.</param>
    /// <param name="stop">Cancels.</param>
    public ImmutableArray<string> Names(ReadOnlyMemory<float> model, CancellationToken stop) =>
        [.. Measure(model, Math.Min(Piece, rows.Count(0)), stop).Metrics.Select(m => m.Name)];

    /// <summary>Measures a model on all rows.</summary>
    /// <param name="model">The parameters.</param>
    /// <param name="stop">Cancels.</param>
    public Evaluation Measure(ReadOnlyMemory<float> model, CancellationToken stop) => Measure(model, rows.Count(0), stop);

    public void Add(string name, double sum, long count)
    {
        if (!_sums.TryGetValue(name, out var old))
        {
            CheckName(name);
        }

        _sums[name] = (old.Sum + sum, old.Count + count);
    }

    // Names become columns and keys.
    private static void CheckName(string name)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_')))
        {
            throw new ConfigurationException($"the objective adds a metric named '{name}'; names are made of letters, digits, '.', '-' and '_', such as recall.cat");
        }
    }

    private Evaluation Measure(ReadOnlyMemory<float> model, long count, CancellationToken stop)
    {
        _sums.Clear();
        for (long start = 0; start < count; start += Piece)
        {
            stop.ThrowIfCancellationRequested();
            var size = (int)Math.Min(Piece, count - start);
            _numbers = _numbers.Length < size ? new long[size] : _numbers;
            for (var i = 0; i < size; i++)
            {
                _numbers[i] = start + i;
            }

            // The compute lane is synchronous by contract; stored data are there at once, others are waited for.
            var read = rows.ReadAsync(0, _numbers.AsMemory(0, size), stop);
            var batch = read.IsCompletedSuccessfully ? read.Result : read.AsTask().GetAwaiter().GetResult();
            objective.Evaluate(batch, model.Span, this);
        }

        var means = new OrderedDictionary<string, double>(_sums.Count, StringComparer.Ordinal);
        foreach (var (name, (sum, n)) in _sums)
        {
            means[name] = n == 0 ? double.NaN : sum / n;
        }

        (objective as IDerivedMetrics)?.Derive(means);
        return new Evaluation([.. means.Select(m => new Metric(m.Key, m.Value))]);
    }
}

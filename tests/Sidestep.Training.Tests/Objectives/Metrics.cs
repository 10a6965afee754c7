namespace Sidestep.Training.Tests.Objectives;

internal sealed class Metrics : IMetrics
{
    private readonly Dictionary<string, (double Sum, long Count)> _sums = [];

    public (double Sum, long Count) this[string name] => _sums[name];

    public bool Has(string name) => _sums.ContainsKey(name);

    public void Add(string name, double sum, long count)
    {
        var (oldSum, oldCount) = _sums.GetValueOrDefault(name);
        _sums[name] = (oldSum + sum, oldCount + count);
    }
}

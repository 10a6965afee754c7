namespace Sidestep.Training;

/// <summary>Message sizes of strategies that send models down and shares up.</summary>
internal sealed class ShareLimits : IPayloadLimits
{
    // Names, type codes and checksums around a compressor's saved state.
    private const int StateOverhead = 4096;

    private readonly int _model;
    private readonly (int Least, int Most)[] _shares;
    private readonly int[] _states;

    public ShareLimits(RunPlan plan)
    {
        var lengths = RowLengths.Of(plan);
        _model = ModelMessage.Bytes(plan);
        _shares = new (int, int)[lengths.Length];
        _states = new int[lengths.Length];
        for (var row = 0; row < lengths.Length; row++)
        {
            var raw = lengths[row] * sizeof(float);
            _shares[row] = plan.Uplink is null ? (raw, raw) : (1, plan.Uplink.MaxBytes(lengths[row]));
            _states[row] = ModelMessage.Remembers(plan) ? (int)Math.Min(int.MaxValue, (3L * raw) + StateOverhead) : 0;
        }
    }

    public (int Least, int Most) For(Topic topic, int row) => topic switch
    {
        Topic.Model => (_model, _model),
        Topic.Share when (uint)row < (uint)_shares.Length => _shares[row],
        Topic.State when (uint)row < (uint)_states.Length => (0, _states[row]),
        _ => (0, 0),
    };
}

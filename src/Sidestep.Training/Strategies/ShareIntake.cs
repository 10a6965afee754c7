using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>Turns arriving share messages into shares for a decoder: checks, decompresses, scans for non-finite values.</summary>
internal sealed class ShareIntake
{
    private readonly INode _node;
    private readonly RunPlan _plan;
    private readonly int[] _lengths;
    private readonly IVectorReader<float>?[] _readers;
    private readonly RowStreams? _streams;

    public ShareIntake(INode node, RunPlan plan)
    {
        _node = node;
        _plan = plan;
        _lengths = RowLengths.Of(plan);
        Losses = new double[_lengths.Length];
        _readers = new IVectorReader<float>?[_lengths.Length];
        _streams = plan.Uplink is null ? null : new RowStreams(plan.Code.Table);
    }

    /// <summary>The losses that came with this round's shares, by row.</summary>
    public double[] Losses { get; }

    /// <summary>Shares of this round that were not finite.</summary>
    public int NotFinite { get; private set; }

    /// <summary>Shares of this round that could not be read.</summary>
    public int Damaged { get; private set; }

    public void Begin()
    {
        NotFinite = Damaged = 0;
        Array.Clear(Losses);
    }

    /// <summary>Whether the sender's slot owns the row it names.</summary>
    public bool Belongs(in Message message) =>
        (uint)message.Row < (uint)_lengths.Length
        && _plan.Code.Table.Rows[message.Row].Worker == message.From
        && message.Codec == (_plan.Uplink?.CodecId ?? 0);

    /// <summary>Opens a share of the present round; empty if it is damaged or not finite. The payload moves to the share or is given back.</summary>
    public ShareLease<float> Open(in Message message)
    {
        if (message.Payload is not { } payload || !double.IsFinite(message.Value))
        {
            message.Payload?.Dispose();
            NotFinite++;
            return ShareLease<float>.Empty;
        }

        var values = ReaderOf(message.Row) is { } reader ? Decompress(reader, message, payload) : payload;
        if (values is null)
        {
            return ShareLease<float>.Empty;
        }

        var share = new ShareLease<float>(values, _lengths[message.Row]);
        if (!FiniteScan.AllFinite(share.Span))
        {
            share.Dispose();
            NotFinite++;
            return ShareLease<float>.Empty;
        }

        Losses[message.Row] = message.Value;
        return share;
    }

    // Most rows on request are never asked for.
    private IVectorReader<float>? ReaderOf(int row) =>
        _streams is null ? null : _readers[row] ??= _plan.Uplink!.CreateReader(new StreamKey(_plan.Seed, _streams[row]), _lengths[row]);

    private PayloadLease? Decompress(IVectorReader<float> reader, in Message message, PayloadLease payload)
    {
        var values = _node.Lease(_lengths[message.Row] * sizeof(float));
        try
        {
            reader.Read(message.Round, payload.Span, MemoryMarshal.Cast<byte, float>(values.Span));
            return values;
        }
        catch (MalformedException)
        {
            // Detected damage is an erasure: the row is over, the code makes up for it.
            values.Dispose();
            Damaged++;
            return null;
        }
        finally
        {
            payload.Dispose();
        }
    }
}

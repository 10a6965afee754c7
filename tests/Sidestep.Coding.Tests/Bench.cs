namespace Sidestep.Coding.Tests;

/// <summary>A code with made-up partition gradients: computes shares as workers do, and the sum that should come out.</summary>
internal sealed class Bench
{
    private readonly float[][] _gradients;

    public Bench(ICode<float> code, int length = 37, ulong seed = 1, BlockLayout? layout = null)
    {
        Code = code;
        Shape = ModelShape.Flat(length);
        Layout = layout ?? (code.Table.Blocks == 1 ? BlockLayout.Whole : new ContiguousLayout(code.Table.Blocks));
        _gradients = [.. Enumerable.Range(0, code.Table.Partitions).Select(j => Random(seed, j, length))];
        Decoder = code.CreateDecoder(Layout, Shape);
    }

    public Bench(ICode<float> code, float[][] gradients, BlockLayout layout)
    {
        Code = code;
        Shape = ModelShape.Flat(gradients[0].Length);
        Layout = layout;
        _gradients = gradients;
        Decoder = code.CreateDecoder(layout, Shape);
    }

    public ICode<float> Code { get; }

    public ModelShape Shape { get; }

    public BlockLayout Layout { get; }

    public IDecoder<float> Decoder { get; }

    public PayloadPool Pool { get; } = new();

    public int Rows => Code.Table.Rows.Length;

    public double[] Sum => [.. Enumerable.Range(0, Shape.Length).Select(i => _gradients.Sum(g => (double)g[i]))];

    public float[] Payload(int row)
    {
        var table = Code.Table;
        var share = new float[Layout.Length(table.Rows[row].Terms[0].Block, Shape)];
        foreach (var term in table.Rows[row].Terms)
        {
            foreach (var (partition, weight) in table.Items[term.Item].Mix)
            {
                Layout.Gather<float>(term.Block, Shape, _gradients[partition], term.Weight * weight, share);
            }
        }

        return share;
    }

    public ShareLease<float> Lease(int row) => Lease(Payload(row));

    public ShareLease<float> Lease(float[] payload)
    {
        var lease = Pool.Lease(payload.Length * sizeof(float));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(payload.AsSpan()).CopyTo(lease.Span);
        return new ShareLease<float>(lease, payload.Length);
    }

    public Verdict Offer(int row) => Decoder.Offer(row, Lease(row));

    public Verdict Round(IEnumerable<int> rows, long round = 0)
    {
        var verdict = Decoder.Begin(round, []);
        foreach (var row in rows)
        {
            verdict = Offer(row);
        }

        return verdict;
    }

    public float[] Decode()
    {
        var estimate = new float[Shape.Length];
        Array.Fill(estimate, float.NaN);
        Decoder.Decode(estimate);
        return estimate;
    }

    public double LargestShare(IEnumerable<int> rows) => rows.Max(r => Payload(r).Max(Math.Abs));

    public double WorstError(float[] estimate) => estimate.Zip(Sum, (e, s) => Math.Abs(e - s)).Max();

    public static float[] Random(ulong seed, int index, int length)
    {
        var rng = new Rng(seed, Purpose.Test, 0, 0, index);
        return [.. Enumerable.Range(0, length).Select(_ => (float)rng.NextGaussian())];
    }

    public static IEnumerable<int[]> Subsets(int count, int least = 0) =>
        Enumerable.Range(0, 1 << count)
            .Where(bits => System.Numerics.BitOperations.PopCount((uint)bits) >= least)
            .Select(bits => Enumerable.Range(0, count).Where(i => ((bits >> i) & 1) != 0).ToArray());

    public static int[] Shuffled(int[] values, ulong seed)
    {
        var copy = values.ToArray();
        var rng = new Rng(seed, Purpose.Test, 1, 0, 0);
        for (var i = copy.Length - 1; i > 0; i--)
        {
            var j = rng.Next(i + 1);
            (copy[i], copy[j]) = (copy[j], copy[i]);
        }

        return copy;
    }
}

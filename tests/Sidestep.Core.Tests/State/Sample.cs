namespace Sidestep.Tests;

/// <summary>A small state with everything in it: scalars, scopes, an empty array, a struct, an array of unknown length.</summary>
internal sealed class Sample : ISnapshot
{
    public float[] Model { get; } = new float[3];

    public long Round { get; private set; }

    public bool Done { get; private set; }

    public (int Slot, double Value)[] Pairs { get; } = new (int, double)[2];

    public byte[] Tail { get; private set; } = [];

    public Phase Phase { get; private set; }

    public static Sample Make() => new()
    {
        Round = 42,
        Done = true,
        Tail = [1, 2, 3, 4, 5],
        Phase = Phase.Late,
        Model = { [0] = 1.5f, [1] = -0f, [2] = float.NaN },
        Pairs = { [0] = (3, 0.25), [1] = (-1, 1e300) },
    };

    public void Save(IStateWriter writer)
    {
        writer.Write<float>("model", Model);
        writer.WriteOne("round", Round);
        var inner = writer.Within("inner").Within("more");
        inner.WriteOne("round", Done);
        inner.Write<(int, double)>("pairs", Pairs);
        writer.Write<long>("empty", []);
        writer.Write<byte>("tail", Tail);
        writer.WriteOne("phase", Phase);
    }

    public void Load(IStateReader reader)
    {
        reader.Read<float>("model", Model);
        Round = reader.ReadOne<long>("round");
        var inner = reader.Within("inner").Within("more");
        Done = inner.ReadOne<bool>("round");
        inner.Read<(int, double)>("pairs", Pairs);
        reader.Read<long>("empty", []);
        var count = reader.Count<byte>("tail");
        Tail = new byte[Math.Max(0, count)];
        reader.Read<byte>("tail", Tail);
        Phase = reader.ReadOne<Phase>("phase");
        if (reader.Count<int>("nothing") != -1)
        {
            throw new MalformedException("E_TEST", "there is no such array");
        }
    }

    public void AssertEqual(Sample other)
    {
        Values.SameBits(other.Model, Model, "model");
        Assert.Equal(other.Round, Round);
        Assert.Equal(other.Done, Done);
        Assert.Equal(other.Pairs, Pairs);
        Assert.Equal(other.Tail, Tail);
        Assert.Equal(other.Phase, Phase);
    }
}

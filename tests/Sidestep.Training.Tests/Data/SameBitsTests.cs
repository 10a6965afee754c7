using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sidestep.Training.Tests.Data;

/// <summary>Results that must have the same bits on every machine and with vector instructions off; a change here breaks recorded trajectories.</summary>
public sealed class SameBitsTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Digits_have_their_recorded_fingerprint() =>
        Assert.Equal("e935a3edcbd103fba99bb29b3f70004e", _folder.Open(new DigitPicturesSource(50, Seed: 1)).Fingerprint);

    [Fact]
    public void Mixture_has_its_recorded_fingerprint() =>
        Assert.Equal("9a17561c0fabae41277f30fb05c2eea9", _folder.Open(new GaussianMixtureSource(50, 7, 3, 2, Seed: 1)).Fingerprint);

    [Fact]
    public void Batches_are_the_recorded_rows()
    {
        var rows = new long[8];
        new BatchPlan(1, [100, 100], 16).Rows(12, 1, rows);
        Assert.Equal("7 15 65 26 40 32 13 67", string.Join(" ", rows));
    }

    [Theory]
    [InlineData("sgd", "88c3ebfb875f0c99")]
    [InlineData("momentum", "95d41566b496fcee")]
    [InlineData("nesterov", "629ef361d58265a9")]
    [InlineData("fista", "81d306df5a367fb0")]
    [InlineData("adam", "c8284da8290fdf6e")]
    [InlineData("adamw", "a9150630668cce37")]
    public void Optimizer_parameters_are_the_recorded_bits(string name, string expected)
    {
        var rate = new WarmUp(new CosineSchedule(0.2, 40, 0.001), 4);
        IOptimizer optimizer = name switch
        {
            "sgd" => new Sgd(rate),
            "momentum" => new Momentum(rate, 0.9),
            "nesterov" => new Nesterov(rate, 0.9),
            "fista" => new Nesterov(rate),
            "adam" => new Adam(rate),
            _ => new AdamW(rate),
        };
        var rng = new Rng(1, Purpose.Test, 0, 0, 0);
        var session = optimizer.Create(101);
        var w = new float[101];
        for (var round = 0; round < 30; round++)
        {
            var g = w.Select(x => x - (float)rng.NextDouble()).ToArray();
            session.Step(round, w, g);
        }

        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(w.AsSpan())))[..16]);
    }
}

using System.Runtime.InteropServices;

namespace Sidestep.Training.Tests.Objectives;

/// <summary>Gradients of the managed kernels pinned to the bit, so that a machine, a runtime switch or a rewrite that changes one is noticed.</summary>
public sealed class SameBitsEverywhereTests
{
    [Fact]
    public void Gradients_have_their_pinned_bits()
    {
        Assert.Equal(0x5BE110F16E04C534UL, Print(new LeastSquares(37, 0.01), i => i % 5));
        Assert.Equal(0xBE9781DB6151FA48UL, Print(new Logistic(37, 0.01), i => i % 3 == 0 ? -1 : 1));
        Assert.Equal(0x0F5FD24E1F9EF6AFUL, Print(new Softmax(37, 10, 0.01, KernelChoice.Managed), i => i % 10));
        Assert.Equal(0x663FCF41EE07BA3EUL, Print(new Perceptron(37, [19, 33], 10, Activation.Relu, 0.01, KernelChoice.Managed), i => i % 10));
        Assert.Equal(0x9921BFB3C1A0F470UL, Print(new Perceptron(37, [19, 33], 10, Activation.Tanh, 0.01, KernelChoice.Managed), i => i % 10));
    }

    private static ulong Print(IObjective objective, Func<int, float> label)
    {
        var batch = Samples.Dense(1, 41, 37, label);
        var model = Samples.Gaussian(2, objective.Shape.Length, 0.3);
        var sum = new float[model.Length];
        objective.Gradient(batch, model, sum, default);
        objective.Gradient(Samples.Sparse(batch), model, sum, default);
        return Checksum.Fingerprint(MemoryMarshal.AsBytes(sum.AsSpan()));
    }
}

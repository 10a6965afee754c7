using System.Runtime.Intrinsics;

namespace Sidestep.Training.Tests.Objectives;

public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 4, 32, 5 }, { 3, 33, 17 }, { 32, 128, 40 }, { 10, 128, 32 }, { 128, 79, 32 }, { 32, 10, 129 }, { 5, 7, 0 }, { 0, 4, 3 }, { 9, 31, 100 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Managed_product_has_the_bits_of_the_reference_at_every_width(int rows, int columns, int inner)
    {
        foreach (var (alpha, beta) in new[] { (1f, 0f), (1f, 1f), (0.3f, -1.7f) })
        {
            for (var transposes = 0; transposes < 4; transposes++)
            {
                var start = Samples.Gaussian(3, rows * columns);
                float[] expected = [.. start], wide = [.. start], narrow = [.. start];
                var scratch = new float[ManagedKernel.ScratchLength(inner)];
                var a = View(1, rows, inner, (transposes & 1) != 0);
                var b = View(2, inner, columns, (transposes & 2) != 0);
                MatrixReference.Multiply(alpha, a, b, beta, expected);
                ManagedKernel.Multiply<Simd512, Vector512<float>>(alpha, a, b, beta, wide, scratch);
                ManagedKernel.Multiply<Simd256, Vector256<float>>(alpha, a, b, beta, narrow, scratch);
                Assert.Equal(expected, wide);
                Assert.Equal(expected, narrow);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_choice_is_near_the_product_in_double(int rows, int columns, int inner)
    {
        foreach (var choice in new[] { KernelChoice.Managed, KernelChoice.Auto })
        {
            for (var transposes = 0; transposes < 4; transposes++)
            {
                var start = Samples.Gaussian(3, rows * columns);
                var a = View(1, rows, inner, (transposes & 1) != 0);
                var b = View(2, inner, columns, (transposes & 2) != 0);
                var expected = Samples.Wide(start);
                MatrixReference.Multiply(0.5, Widened(a), Widened(b), 2, expected);
                MatrixProduct.Create(choice).Multiply(0.5f, a, b, 2, start);
                for (var i = 0; i < start.Length; i++)
                {
                    Assert.Equal(expected[i], start[i], 1e-6 * (4 + inner));
                }
            }
        }
    }

    [Fact]
    public void Beta_zero_overwrites_whatever_is_there()
    {
        foreach (var choice in new[] { KernelChoice.Managed, KernelChoice.Auto })
        {
            var c = new float[6 * 40];
            Array.Fill(c, float.NaN);
            MatrixProduct.Create(choice).Multiply(1, View(1, 6, 5, false), View(2, 5, 40, false), 0, c);
            Assert.All(c, value => Assert.True(float.IsFinite(value)));
        }
    }

    [Fact]
    public void Classes_name_the_kernels()
    {
        Assert.Equal("managed-1", MatrixProduct.Create(KernelChoice.Managed).NumericClass);
        var auto = MatrixProduct.Create(KernelChoice.Auto).NumericClass;
        Assert.True(auto == "managed-1" || auto.StartsWith("openblas ", StringComparison.Ordinal), auto);
        if (auto == "managed-1")
        {
            Assert.Throws<ConfigurationException>(() => MatrixProduct.Create(KernelChoice.Blas));
        }
        else
        {
            Assert.Equal(auto, MatrixProduct.Create(KernelChoice.Blas).NumericClass);
        }
    }

    [Fact]
    public void Shapes_that_do_not_agree_are_refused()
    {
        var product = MatrixProduct.Create(KernelChoice.Auto);
        Assert.Throws<ArgumentException>(() => product.Multiply(1, View(1, 2, 3, false), View(2, 4, 2, false), 0, new float[4]));
        Assert.Throws<ArgumentException>(() => product.Multiply(1, View(1, 2, 3, false), View(2, 3, 2, false), 0, new float[3]));
        Assert.Throws<ArgumentException>(() => new MatrixView<float>(new float[5], 2, 3));
    }

    private static MatrixView<float> View(int seed, int rows, int columns, bool isTransposed)
    {
        var values = Samples.Gaussian(seed, rows * columns);
        return isTransposed ? new MatrixView<float>(values, columns, rows).Transposed : new MatrixView<float>(values, rows, columns);
    }

    private static MatrixView<double> Widened(MatrixView<float> view) => view.IsTransposed
        ? new MatrixView<double>(Samples.Wide(view.Values), view.Columns, view.Rows).Transposed
        : new MatrixView<double>(Samples.Wide(view.Values), view.Rows, view.Columns);
}

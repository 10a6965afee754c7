namespace Sidestep.Training.Tests.Objectives;

public sealed class NativePartTests
{
    [Fact]
    public void OpenBlas_is_there_where_it_is_required()
    {
        // Set by the continuous integration script, which installs it: there, tests on BLAS must not be skipped.
        if (Environment.GetEnvironmentVariable("SIDESTEP_REQUIRE_NATIVE") == "1")
        {
            Assert.StartsWith("openblas", MatrixProduct.Create(KernelChoice.Blas).NumericClass, StringComparison.Ordinal);
        }
    }
}

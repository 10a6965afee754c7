namespace Sidestep.Training;

/// <summary>Which kernels compute matrix products. Runs that must be equal to the bit need the same on every machine.</summary>
public enum KernelChoice
{
    /// <summary>OpenBLAS where it is installed, else <see cref="Managed"/>.</summary>
    Auto = 0,

    /// <summary>Sidestep's own kernels: the same bits on every machine, slower than OpenBLAS.</summary>
    Managed = 1,

    /// <summary>OpenBLAS; an error where it is not installed.</summary>
    Blas = 2,
}

using System.Runtime.InteropServices;

namespace Sidestep.Training;

/// <summary>OpenBLAS, found at run time. Absent, nothing fails: <see cref="Library"/> is null.</summary>
/// <remarks>It is set to one thread when it is found, for the whole process: slots are parallel already, and sums must not depend on a thread count.</remarks>
internal sealed unsafe class OpenBlas
{
    private static readonly Lazy<OpenBlas?> Found = new(Find);

    private OpenBlas(nint sgemm, string numericClass)
    {
        Sgemm = (delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)sgemm;
        NumericClass = numericClass;
    }

    /// <summary>The library, or null where there is none of the right kind.</summary>
    public static OpenBlas? Library => Found.Value;

    /// <summary>What was looked for, for messages.</summary>
    public static string Searched => string.Join(", ", Candidates);

    /// <summary>cblas_sgemm(order, transA, transB, m, n, k, α, A, lda, B, ldb, β, C, ldc).</summary>
    public delegate* unmanaged[Cdecl]<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> Sgemm { get; }

    /// <summary><c>openblas VERSION CORE</c>: bits depend on both.</summary>
    public string NumericClass { get; }

    private static string[] Candidates =>
        OperatingSystem.IsMacOS()
            ? ["libopenblas.0.dylib", "libopenblas.dylib", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib", "/usr/local/opt/openblas/lib/libopenblas.dylib"]
            : OperatingSystem.IsWindows() ? ["libopenblas.dll", "openblas.dll"] : ["libopenblas.so.0", "libopenblas.so"];

    private static OpenBlas? Find()
    {
        foreach (var name in Candidates)
        {
            if (NativeLibrary.TryLoad(name, out var handle) && Bind(handle) is { } library)
            {
                return library;
            }
        }

        return null;
    }

    private static OpenBlas? Bind(nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, "cblas_sgemm", out var sgemm)
            || !NativeLibrary.TryGetExport(handle, "openblas_set_num_threads", out var setThreads)
            || !NativeLibrary.TryGetExport(handle, "openblas_get_config", out var getConfig)
            || !NativeLibrary.TryGetExport(handle, "openblas_get_corename", out var getCore))
        {
            return null;
        }

        // "OpenBLAS 0.3.26 DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64"; with 64-bit integers the calls would be others.
        var config = Text(getConfig).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (config.Contains("USE64BITINT"))
        {
            return null;
        }

        ((delegate* unmanaged[Cdecl]<int, void>)setThreads)(1);
        return new OpenBlas(sgemm, $"openblas {(config.Length > 1 ? config[1] : "unknown")} {Text(getCore)}");
    }

    private static string Text(nint function) =>
        Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)function)()) ?? "unknown";
}

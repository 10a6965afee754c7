using System.Runtime.Intrinsics;

namespace Sidestep.Training;

/// <summary>The vector operations a kernel needs, so that it is written once for all widths. No fused multiply-add: its bits would differ.</summary>
/// <typeparam name="TVector">The vector register.</typeparam>
internal interface ISimd<TVector>
    where TVector : unmanaged
{
    static abstract int Width { get; }

    static abstract TVector Load(ref float source);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector Multiply(TVector x, TVector y);

    static abstract void Store(TVector value, ref float target);
}

/// <summary>Sixteen floats at a time.</summary>
internal readonly struct Simd512 : ISimd<Vector512<float>>
{
    public static int Width => 16;

    public static Vector512<float> Load(ref float source) => Vector512.LoadUnsafe(ref source);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> x, Vector512<float> y) => x + y;

    public static Vector512<float> Multiply(Vector512<float> x, Vector512<float> y) => x * y;

    public static void Store(Vector512<float> value, ref float target) => value.StoreUnsafe(ref target);
}

/// <summary>Eight floats at a time.</summary>
internal readonly struct Simd256 : ISimd<Vector256<float>>
{
    public static int Width => 8;

    public static Vector256<float> Load(ref float source) => Vector256.LoadUnsafe(ref source);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> x, Vector256<float> y) => x + y;

    public static Vector256<float> Multiply(Vector256<float> x, Vector256<float> y) => x * y;

    public static void Store(Vector256<float> value, ref float target) => value.StoreUnsafe(ref target);
}

using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Sidestep.Training;

/// <summary>What a program says of itself.</summary>
/// <param name="Shape">The model's tensors.</param>
/// <param name="Initializes">Whether it can give the start point; else the start is zero.</param>
/// <param name="Evaluates">Whether it has measures.</param>
/// <param name="Description">What computes, such as <c>torch 2.1</c>; at most <see cref="MostDescription"/> characters.</param>
internal sealed record ExecHello(ModelShape Shape, bool Initializes, bool Evaluates, string Description)
{
    public const int MostDescription = 80;

    private const int MostTensors = 10_000;
    private const int MostRank = 8;
    private const int MostName = 256;
    private const long MostParameters = 1L << 29;

    /// <summary>The answer, or what is wrong with it.</summary>
    public static (ExecHello? Hello, string Problem) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var rest = body;
            var flags = U16(ref rest);
            var tensors = new TensorShape[Limit(U16(ref rest), 1, MostTensors, "number of tensors")];
            long total = 0;
            for (var t = 0; t < tensors.Length; t++)
            {
                tensors[t] = Tensor(ref rest);
                total += tensors[t].Dimensions.Aggregate(1L, (product, size) => Math.Min(MostParameters + 1, product * size));
                if (total > MostParameters)
                {
                    throw new FormatException(Text($"more than {MostParameters} parameters"));
                }
            }

            if (tensors.DistinctBy(t => t.Name).Count() != tensors.Length)
            {
                throw new FormatException("two tensors of the same name");
            }

            var description = Name(ref rest, "description");
            return rest.Length == 0
                ? (new ExecHello(new ModelShape([.. tensors]), (flags & 1) != 0, (flags & 2) != 0, Short(description)), string.Empty)
                : throw new FormatException(Text($"{rest.Length} bytes too many"));
        }
        catch (FormatException error)
        {
            return (null, error.Message);
        }
    }

    private static TensorShape Tensor(ref ReadOnlySpan<byte> rest)
    {
        var name = Name(ref rest, "name of a tensor");
        if (name.Length == 0)
        {
            throw new FormatException("a tensor without a name");
        }

        var sizes = ImmutableArray.CreateBuilder<int>(MostRank);
        for (var left = Limit(U16(ref rest), 1, MostRank, $"number of dimensions of tensor '{name}'"); left > 0; left--)
        {
            Need(rest, 4);
            sizes.Add(Limit(BinaryPrimitives.ReadUInt32LittleEndian(rest), 1, (uint)MostParameters, $"size in tensor '{name}'"));
            rest = rest[4..];
        }

        return new TensorShape(name, sizes.ToImmutable());
    }

    private static string Name(ref ReadOnlySpan<byte> rest, string what)
    {
        var length = Limit(U16(ref rest), 0, MostName, $"length of the {what}");
        Need(rest, length);
        var text = Encoding.UTF8.GetString(rest[..length]);
        rest = rest[length..];
        return text.Any(char.IsControl) ? throw new FormatException($"control characters in the {what}") : text;
    }

    private static int U16(ref ReadOnlySpan<byte> rest)
    {
        Need(rest, 2);
        var value = BinaryPrimitives.ReadUInt16LittleEndian(rest);
        rest = rest[2..];
        return value;
    }

    private static void Need(ReadOnlySpan<byte> rest, int length)
    {
        if (rest.Length < length)
        {
            throw new FormatException("it ends too early");
        }
    }

    private static int Limit(long value, long least, long most, string what) => value >= least && value <= most
        ? (int)value
        : throw new FormatException(Text($"the {what} is {value}, not {least} to {most}"));

    private static string Short(string text) => text.Length <= MostDescription ? text : text[..MostDescription];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

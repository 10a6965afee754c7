using System.Buffers.Binary;
using System.Text;

namespace Sidestep.Training;

/// <summary>Reads the measures a program answers: a count, then name, sum and number of samples of each.</summary>
internal static class ExecMeasures
{
    private const int MostName = 256;

    /// <summary>The measures, or what is wrong with the answer.</summary>
    public static (List<(string Name, double Sum, long Count)>? Measures, string Problem) Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2)
        {
            return (null, "it is empty");
        }

        var measures = new List<(string, double, long)>();
        var rest = body[2..];
        for (var left = BinaryPrimitives.ReadUInt16LittleEndian(body); left > 0; left--)
        {
            var length = rest.Length < 2 ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length is < 1 or > MostName || rest.Length < 2 + length + 16)
            {
                return (null, "it ends too early, or a name has no or too many bytes");
            }

            var name = Encoding.UTF8.GetString(rest.Slice(2, length));
            rest = rest[(2 + length)..];
            var count = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]);
            if (count < 0)
            {
                return (null, $"'{name}' is over a negative number of samples");
            }

            measures.Add((name, BinaryPrimitives.ReadDoubleLittleEndian(rest), count));
            rest = rest[16..];
        }

        return rest.Length == 0 ? (measures, string.Empty) : (null, "it has bytes too many");
    }
}

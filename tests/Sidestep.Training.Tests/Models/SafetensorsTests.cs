using System.Buffers.Binary;
using System.Text;

namespace Sidestep.Training.Tests.Models;

public sealed class SafetensorsTests
{
    private const string Good =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""";

    private static readonly ModelShape Shape = new([new TensorShape("w", [2, 2]), new TensorShape("b", [1])]);

    // Written by hand from the format's description: header of 139 bytes padded by 5 spaces, five little-endian floats.
    [Fact]
    public void Written_bytes_are_those_of_the_format()
    {
        const string Header =
            """{"__metadata__":{"k":"v\""},"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}     """;
        byte[] data =
        [
            0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F, 0, 0, 0, 0x80, 0xFF, 0xFF, 0x7F, 0x7F,
        ];
        Assert.Equal(144, Header.Length);
        byte[] expected = [(byte)Header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Header), .. data];
        Assert.Equal(expected, Bytes(Shape, [1, -2, 0.5f, -0f, float.MaxValue], new KeyValuePair<string, string>("k", "v\"")));
    }

    [Fact]
    public void Model_comes_back_with_every_bit_and_equal_models_have_equal_bytes()
    {
        var parameters = new float[] { float.NaN, float.Epsilon, -0f, 3, float.NegativeInfinity };
        KeyValuePair<string, string>[] texts = [new("z", "1"), new("a", "é€𝄞"), new("round", "12")];
        var bytes = Bytes(Shape, parameters, texts);
        var back = SafetensorsFile.Read(new MemoryStream(bytes));
        Assert.Equal(Shape.Tensors.Select(t => t.Name), back.Shape.Tensors.Select(t => t.Name));
        Assert.Equal([2, 2], back.Shape.Tensors[0].Dimensions.ToArray());
        Assert.Equal(parameters.Select(BitConverter.SingleToInt32Bits), back.Parameters.ToArray().Select(BitConverter.SingleToInt32Bits));
        Assert.Equal("é€𝄞", back.Metadata["a"]);
        Assert.Equal(bytes, Bytes(back.Shape, back.Parameters.ToArray(), [.. back.Metadata.Reverse()]));
    }

    [Fact]
    public void Files_of_others_are_read_whatever_order_and_spaces_they_have()
    {
        var header = """
            {
              "b": { "shape": [1, 2], "data_offsets": [8, 16], "dtype": "F32" },
              "__metadata__": {},
              "scalar": { "shape": [], "dtype": "F32", "data_offsets": [16, 20] },
              "a\u0041": { "dtype": "F32", "shape": [2], "data_offsets": [0, 8] }
            }
            """;
        var model = Read(header, 20);
        Assert.Equal(["aA", "b", "scalar"], model.Shape.Tensors.Select(t => t.Name));
        Assert.Equal([1], model.Shape.Tensors[2].Dimensions.ToArray());
        Assert.Equal(5, model.Parameters.Length);
    }

    [Theory]
    [InlineData("[8,16]", "[4,12]", "inside another one")]
    [InlineData("[8,16]", "[12,20]", "behind a hole")]
    [InlineData("[8,16]", "[8,20]", "20 of 16 bytes")]
    [InlineData("[8,16]", "[8,12]", "8 are expected")]
    [InlineData("[8,16]", "[8,4]", "lies at bytes 8 to 4")]
    [InlineData("[0,8]", "[0,-8]", "whole numbers")]
    [InlineData("[0,8]", "[0,8.0]", "whole numbers")]
    [InlineData("[0,8]", "[0,9223372036854775808]", "whole numbers")]
    [InlineData("[0,8]", "[0,8,16]", "two numbers")]
    [InlineData("[0,8]", "[8]", "two numbers")]
    [InlineData("[2],", "[0],", "at least 1")]
    [InlineData("[2],", "[3037000500,3037000500],", "at least 1")]
    [InlineData("[2],", "[65536,65536,65536,65536],", "at most")]
    [InlineData("[2],", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],", "at most 32")]
    [InlineData("[2],", "\"2\",", "not a StartArray")]
    [InlineData("\"F32\"", "\"F16\"", "F16; only F32")]
    [InlineData("\"F32\"", "\"f32\"", "only F32")]
    [InlineData("\"F32\"", "5", "not a String")]
    [InlineData("\"dtype\":\"F32\",", "", "needs dtype")]
    [InlineData("\"dtype\":\"F32\",", "\"dtype\":\"F32\",\"dtype\":\"F32\",", "'dtype' twice")]
    [InlineData("\"dtype\":\"F32\",", "\"dtype\":\"F32\",\"code\":1,", "unknown key 'code'")]
    [InlineData("\"b\"", "\"a\"", "'a' twice")]
    [InlineData("\"b\"", "\"\\u0061\"", "'a' twice")]
    [InlineData("{\"a\"", "{\"__metadata__\":{\"x\":1},\"a\"", "not a String")]
    [InlineData("{\"a\"", "{\"__metadata__\":{\"x\":\"1\",\"x\":\"1\"},\"a\"", "'x' twice")]
    [InlineData("{\"a\"", "{\"__metadata__\":[],\"a\"", "not a StartObject")]
    [InlineData("{\"a\"", " {\"a\"", "brace")]
    [InlineData("{\"a\"", "[\"a\"", "brace")]
    [InlineData("16]}}", "16]}} {}", "not valid JSON")]
    [InlineData("16]}}", "16]}", "not valid JSON")]
    public void Bad_header_is_refused(string good, string bad, string expected)
    {
        Assert.Equal(2, Read(Good, 16).Shape.Tensors.Length);
        var at = Good.LastIndexOf(good, StringComparison.Ordinal);
        at = Good.IndexOf(good, StringComparison.Ordinal) is var first && first == at ? at : first;
        var error = Assert.Throws<MalformedException>(() => Read(Good[..at] + bad + Good[(at + good.Length)..], 16));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("E_SAFETENSORS", error.Code, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{\"__metadata__\":{}}", 0)]
    [InlineData("", 0)]
    public void Files_without_tensors_are_refused(string header, int data) =>
        Assert.Throws<MalformedException>(() => Read(header, data));

    [Fact]
    public void Data_behind_the_last_tensor_is_refused() =>
        Assert.Contains("16 bytes, but there are 20", Assert.Throws<MalformedException>(() => Read(Good, 20)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0UL)]
    [InlineData(100_000_001UL)]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void Claimed_lengths_that_cannot_be_are_refused_before_anything_is_allocated(ulong length)
    {
        var file = Bytes(Shape, new float[5]);
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedException>(() => SafetensorsFile.Read(new MemoryStream(file)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Every_cut_is_refused_and_every_flipped_bit_of_the_header_is_refused_or_changes_only_texts()
    {
        var good = Bytes(Shape, [1, 2, 3, 4, 5], new KeyValuePair<string, string>("k", "v"));
        for (var length = 0; length < good.Length; length++)
        {
            Assert.Throws<MalformedException>(() => SafetensorsFile.Read(new MemoryStream(good[..length])));
        }

        for (var bit = 0; bit < (good.Length - 20) * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                Assert.Equal(5, SafetensorsFile.Read(new MemoryStream(bad)).Parameters.Length);
            }
            catch (MalformedException)
            {
            }
        }
    }

    [Fact]
    public void Missing_and_foreign_files_are_data_errors_that_name_the_file()
    {
        var folder = Directory.CreateTempSubdirectory("sidestep-safetensors-");
        try
        {
            var path = Path.Combine(folder.FullName, "m.safetensors");
            Assert.Contains("m.safetensors", Assert.Throws<DataException>(() => SafetensorsFile.Read(path)).Message, StringComparison.Ordinal);
            File.WriteAllText(path, "not a model at all");
            Assert.Contains("m.safetensors", Assert.Throws<DataException>(() => SafetensorsFile.Read(path)).Message, StringComparison.Ordinal);
            SafetensorsFile.Write(path, Shape, new float[5], []);
            Assert.Equal(5, SafetensorsFile.Read(path).Parameters.Length);
            Assert.Throws<OperatingSystemException>(() => SafetensorsFile.Write(Path.Combine(path, "x"), Shape, new float[5], []));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Arranging_takes_tensors_by_name_and_says_which_one_does_not_fit()
    {
        var model = new ExportedModel(Shape, new float[] { 1, 2, 3, 4, 5 }, SafetensorsFile.Read(new MemoryStream(Bytes(Shape, new float[5]))).Metadata);
        var turned = new ModelShape([Shape.Tensors[1], Shape.Tensors[0]]);
        Assert.Equal([5, 1, 2, 3, 4], model.Arranged(turned, "here"));
        Refused(new ModelShape([new TensorShape("w", [2, 2])]), "tensor b is not part of this model");
        Refused(new ModelShape([.. Shape.Tensors, new TensorShape("c", [3])]), "tensor c is missing; expected 3, found w, b");
        Refused(new ModelShape([new TensorShape("w", [4]), Shape.Tensors[1]]), "tensor w has another shape: expected 4, found 2×2");

        void Refused(ModelShape shape, string expected)
        {
            var message = Assert.Throws<ConfigurationException>(() => model.Arranged(shape, "here")).Message;
            Assert.StartsWith("here: ", message, StringComparison.Ordinal);
            Assert.Contains(expected, message, StringComparison.Ordinal);
        }
    }

    private static byte[] Bytes(ModelShape shape, float[] parameters, params KeyValuePair<string, string>[] texts)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, shape, parameters, texts);
        return stream.ToArray();
    }

    private static ExportedModel Read(string header, int data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return SafetensorsFile.Read(new MemoryStream([.. length, .. text, .. new byte[data]]));
    }
}

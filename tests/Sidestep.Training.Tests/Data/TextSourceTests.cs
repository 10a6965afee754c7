using System.IO.Compression;
using System.Text;

namespace Sidestep.Training.Tests.Data;

public sealed class TextSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sidestep-text-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Rows_are_windows_whose_label_is_the_next_character()
    {
        var data = Open("to be, or not", 4, stride: 3);
        Assert.Equal(" ,benort", data.Vocabulary);
        Assert.Equal((8, 4, 3L, 3), (data.Classes, data.Features, data.Count, data.Stride));
        Assert.Equal(["to b>e", "be, >o", " or >n"], await Shown(data));
    }

    [Fact]
    public async Task Without_a_stride_each_character_is_a_target_once()
    {
        var data = Open("abcdefghij", 3);
        Assert.Equal(["abc>d", "def>g", "ghi>j"], await Shown(data));
    }

    [Fact]
    public async Task Held_out_end_and_the_rest_share_no_character()
    {
        var text = new string([.. Enumerable.Range(0, 100).Select(i => (char)(i + 0x4e00))]);
        var rest = Open(text, 7, stride: 2, heldOut: 0.25);
        var end = Open(text, 7, heldOut: 0.25, isEnd: true);
        Assert.Equal(rest.Vocabulary, end.Vocabulary);
        Assert.All((await Shown(rest)).SelectMany(r => r).Where(c => c != '>'), c => Assert.True(c < 0x4e00 + 75));
        Assert.All((await Shown(end)).SelectMany(r => r).Where(c => c != '>'), c => Assert.True(c >= 0x4e00 + 75));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Validation_end_of_a_text_shares_no_character_with_what_remains(int stride)
    {
        const int Context = 7;
        var text = new string([.. Enumerable.Range(0, 900).Select(i => (char)(i + 0x4e00))]);
        var data = Open(text, Context, stride);
        var split = RowSplit.TextEnd(data, 0.2);
        var remaining = (await Shown(split.Remaining(data.Rows(1), 3), 3, data.Vocabulary)).SelectMany(r => r).Where(c => c != '>').ToHashSet();
        var rows = await Shown(split.HeldOut(data.Rows(1)), 1, data.Vocabulary);
        var held = rows.SelectMany(r => r).Where(c => c != '>').ToHashSet();
        Assert.Empty(remaining.Intersect(held));
        Assert.InRange(held.Count, 150, 200);
        Assert.InRange(remaining.Count, 680, 730);

        // Each character is measured about once: windows begin at least a context apart.
        Assert.True(rows.Count * Context <= held.Count + Context);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(0.999)]
    [InlineData(0.001)]
    public void Validation_end_without_rows_in_both_parts_is_refused(double fraction)
    {
        var data = Open("the quick brown fox jumps over the lazy dog", 4);
        Assert.Contains("both must be at least 1", Assert.Throws<ConfigurationException>(() => RowSplit.TextEnd(data, fraction)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unicode_characters_count_as_one_and_bytes_if_asked_for()
    {
        var data = Open("zażółć 😀 😀!", 3, stride: 3);
        Assert.Equal(" !azóćłż😀", data.Vocabulary);
        Assert.Equal(9, data.Classes);
        Assert.Equal("zaż>ó", (await Shown(data))[0]);
        var bytes = Open("zażółć", 3, isBytes: true);
        Assert.Equal(9, bytes.Classes);
    }

    [Fact]
    public async Task More_than_256_characters_are_kept()
    {
        var text = new string([.. Enumerable.Range(0, 700).Select(i => (char)(i + 0x4e00))]);
        var data = Open(text, 20);
        Assert.Equal(700, data.Classes);
        Assert.Equal(text[660..681], (await Shown(data))[^1].Replace(">", string.Empty, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Packed_text_and_a_mark_of_utf8_in_front_change_nothing()
    {
        var path = Path.Combine(_folder, "packed.gz");
        using (var packed = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            packed.Write([0xef, 0xbb, 0xbf, .. "hello world"u8]);
        }

        var data = new TextSource(path, 2).OpenInPlace();
        Assert.Equal(Open("hello world", 2).Fingerprint, data.Fingerprint);
        Assert.Equal("he>l", (await Shown(data))[0]);
    }

    [Fact]
    public async Task Decoded_into_a_cache_file_the_rows_are_the_same()
    {
        var source = new TextSource(Write("decoded", "abracadabra"u8), 3) { Stride = 2 };
        using var output = new MemoryStream();
        var writer = new DatasetWriter(output);
        source.Decode(writer, default);
        writer.Finish();
        var copy = Dataset.TryOpen(new ArrayStore(output.GetBuffer(), (int)output.Length))!;
        var data = source.OpenInPlace();
        Assert.Equal(await Shown(data), await Shown(copy.Rows(1), 1, data.Vocabulary));
        Assert.Equal<long[]>([.. data.ClassCounts()], [.. copy.ClassCounts()]);
    }

    [Fact]
    public void Fingerprint_tells_texts_contexts_and_strides_apart()
    {
        Dataset[] all =
        [
            Open("abcabcabcabd", 3), Open("abcabcabcabd", 4), Open("abcabcabcabd", 3, stride: 1), Open("abcabcabcabe", 3), Open("abcabcabcaba", 3),
        ];
        Assert.Equal(all.Length, all.Select(d => d.Fingerprint).Distinct().Count());
    }

    [Fact]
    public void Memory_is_that_of_the_text_however_long_the_windows_are()
    {
        var path = Write("long", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("all work and no play ", 100_000))));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var data = new TextSource(path, 1000) { Stride = 1 }.OpenInPlace();
        Assert.Equal(2_099_000, data.Count);

        // The file's bytes, and a token for each.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2.1 * 2_100_000);
    }

    [Theory]
    [InlineData("", 4, 0, "the file is empty")]
    [InlineData("aaaaaaaa", 4, 0, "all characters are alike")]
    [InlineData("abcd", 4, 0, "4 characters; a window of context 4 needs 5: choose a context of at most 3, or a longer text")]
    [InlineData("abcd", int.MaxValue, 0, "a window of context 2147483647 needs 2147483648")]
    public void Unusable_text_is_a_data_error(string text, int context, int stride, string expected)
    {
        var error = Assert.Throws<DataException>(() => Open(text, context, stride));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("text.txt", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 0, "context is 0; it must be at least 1")]
    [InlineData(-3, 0, 0, "context is -3; it must be at least 1")]
    [InlineData(4, 5, 0, "stride is 5; it must be 1 to the context, 4")]
    [InlineData(4, 1, 1, "the share of the text that is held out is 1")]
    [InlineData(4, 1, double.NaN, "the share of the text that is held out is NaN")]
    public void Options_out_of_range_are_refused(int context, int stride, double heldOut, string expected) => Assert.Contains(
        expected, Assert.Throws<ConfigurationException>(() => Open("to be, or not", context, stride, heldOut)).Message, StringComparison.Ordinal);

    [Fact]
    public void Held_out_end_that_is_shorter_than_a_window_says_how_long_it_is() => Assert.Contains(
        "100 characters; of which 5 are the held-out end; a window of context 8 needs 9: choose a context of at most 4",
        Assert.Throws<DataException>(() => Open(string.Concat(Enumerable.Repeat("0123456789", 10)), 8, heldOut: 0.05, isEnd: true)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(new byte[] { 0x61, 0x62, 0xe4, 0x63 }, "byte 2 is 0xe4, which is not UTF-8 there; save the text as UTF-8, or take bytes as characters (characters: bytes)")]
    [InlineData(new byte[] { 0xff, 0xfe, 0x61, 0x00, 0x62, 0x00 }, "it looks like UTF-16")]
    [InlineData(new byte[] { 0x61, 0x00, 0x62, 0x00 }, "byte 1 is 0, which texts do not hold; it looks like UTF-16")]
    [InlineData(new byte[] { 0x61, 0x62, 0xc5 }, "byte 2 is 0xc5, which is not UTF-8 there")]
    public void Other_encodings_are_named_with_the_byte_that_says_so(byte[] content, string expected) => Assert.Contains(
        expected, Assert.Throws<DataException>(() => new TextSource(Write("other.txt", content), 1).OpenInPlace()).Message, StringComparison.Ordinal);

    [Fact]
    public void Missing_text_is_a_data_error() => Assert.Contains(
        "there is no such file", Assert.Throws<DataException>(() => new TextSource(Path.Combine(_folder, "none.txt"), 4).OpenInPlace()).Message, StringComparison.Ordinal);

    private static Task<List<string>> Shown(Dataset data) => Shown(data.Rows(1), 1, data.Vocabulary);

    private static async Task<List<string>> Shown(IRows rows, int partitions, string vocabulary)
    {
        string[] characters = [.. vocabulary.EnumerateRunes().Select(r => r.ToString())];
        var shown = new List<string>();
        for (var partition = 0; partition < partitions; partition++)
        {
            var numbers = Enumerable.Range(0, (int)rows.Count(partition)).Select(i => (long)i).ToArray();
            var batch = await rows.ReadAsync(partition, numbers, default);
            for (var i = 0; i < batch.Count; i++)
            {
                var tokens = batch.Values.Slice(i * batch.Features, batch.Features).ToArray();
                shown.Add(string.Concat(tokens.Select(t => characters[(int)t])) + '>' + characters[(int)batch.Labels.Span[i]]);
            }
        }

        return shown;
    }

    private string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    private Dataset Open(string text, int context, int stride = 0, double heldOut = 0, bool isEnd = false, bool isBytes = false) =>
        new TextSource(Write("text.txt", Encoding.UTF8.GetBytes(text)), context) { Stride = stride, HeldOut = heldOut, IsEnd = isEnd, IsBytes = isBytes }.OpenInPlace()!;
}

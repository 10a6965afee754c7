using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Sidestep.Training.Tests.Data;

/// <summary>Our reader of tables against CsvHelper, on random tables with everything RFC 4180 allows.</summary>
public sealed class CsvOracleTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Random_tables_are_read_as_by_the_library()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var rng = new Rng(5, Purpose.Test, 0, 0, seed);
            var text = Table(ref rng, out var width);
            var expected = Expected(text);
            var source = new CsvSource(_folder.Write($"t{seed}.csv", text), 0) { Drop = ["0"], Label = (width - 1).ToString(CultureInfo.InvariantCulture) };
            var (rows, labels) = DataFolder.ReadAll(_folder.Open(source));
            Assert.Equal(expected.Select(r => r[1..^1].Select(Number).ToArray()), rows);
            Assert.Equal(expected.Select(r => Number(r[^1])), labels);
        }
    }

    [Fact]
    public void Text_longer_than_a_block_is_read_whole_and_in_order_with_quotes_and_without()
    {
        foreach (var quoted in new[] { false, true })
        {
            var text = new StringBuilder();
            const int count = 150_000;
            for (var i = 0; i < count; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(quoted && i % 3 == 0 ? "\"a,\nb\"" : "word")},{i % 977}.25,{i}\n");
            }

            Assert.True(text.Length > CsvBlocks.Size);
            var data = _folder.Open(new CsvSource(_folder.Write($"long-{quoted}.csv", text.ToString()), 0) { Drop = ["0"] });
            var (rows, labels) = DataFolder.ReadAll(data);
            Assert.Equal(count, data.Count);
            for (var i = 0; i < count; i++)
            {
                Assert.True(labels[i] == i && rows[i][0] == (i % 977) + 0.25f, $"row {i}");
            }
        }
    }

    [Fact]
    public void Mistake_behind_the_first_block_is_named_with_its_row_and_line()
    {
        var text = new StringBuilder("a,b\n");
        for (var i = 0; i < 400_000; i++)
        {
            text.Append(i == 380_123 ? "1,x\n" : i % 1000 == 0 ? "\n1,2\n" : "1,2.5\n");
        }

        var message = _folder.Fails<DataException>(new CsvSource(_folder.Write("late.csv", text.ToString()), 0) { Header = true });
        Assert.Contains("row 380124 (line 380506), column 2 (b): 'x' is not a number", message);
    }

    private static string Table(ref Rng rng, out int width)
    {
        width = 3 + rng.Next(4);
        var text = new StringBuilder();
        var end = rng.Next(2) == 0 ? "\n" : "\r\n";
        for (var row = 0; row < 20; row++)
        {
            var cells = new List<string> { Word(ref rng) };
            for (var c = 1; c < width; c++)
            {
                var number = ((rng.Next(200_001) - 100_000) / Math.Pow(10, rng.Next(6))).ToString(rng.Next(2) == 0 ? "R" : "E5", CultureInfo.InvariantCulture);
                cells.Add(rng.Next(6) switch { 0 => $"\"{number}\"", 1 => $" {number} ", 2 => $" \"{number}\" ", _ => number });
            }

            text.Append(string.Join(',', cells)).Append(row == 19 && rng.Next(2) == 0 ? string.Empty : end);
            text.Append(rng.Next(5) == 0 ? end : string.Empty);
        }

        return text.ToString();
    }

    private static string Word(ref Rng rng) => rng.Next(5) switch
    {
        0 => "plain words",
        1 => "\"with, comma\"",
        2 => "\"a \"\"quote\"\" inside\"",
        3 => "\"two\nlines\"",
        _ => string.Empty,
    };

    private static List<string[]> Expected(string text)
    {
        using var parser = new CsvParser(
            new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, IgnoreBlankLines = true });
        var rows = new List<string[]>();
        while (parser.Read())
        {
            rows.Add(parser.Record!);
        }

        return rows;
    }

    private static float Number(string cell) => float.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
}

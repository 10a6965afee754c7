namespace Sidestep.Tests;

public sealed class PaceTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Trace_has_a_line_for_a_round_and_a_number_for_a_slot_and_begins_anew()
    {
        File.WriteAllText(_path, "# two slots\n1, 2.5\n\n3;4\n0.5 6 7\n");
        var pace = PaceSyntax.Parse($"trace({_path})", 2)!;
        Assert.Equal([1, 3, 0.5, 1], new long[] { 0, 1, 2, 3 }.Select(r => pace.Factor(0, r)));
        Assert.Equal(6, pace.Factor(1, 5));
        Assert.Equal(1, pace.Factor(Slots.Coordinator, 1));
        Assert.Equal(pace, PaceSyntax.Parse($"trace({_path})", 2));
    }

    [Fact]
    public void Named_slots_have_their_factor_and_the_others_none()
    {
        var pace = PaceSyntax.Parse("3:2.5,1:10", 4)!;
        Assert.Equal([1, 10, 1, 2.5], Enumerable.Range(0, 4).Select(s => pace.Factor(s, 7)));
        Assert.Null(PaceSyntax.Parse(" ", 4));
    }

    [Fact]
    public void Emulated_time_is_stretched_piece_by_piece()
    {
        var weather = Weather.None with { Pace = PaceSyntax.Parse("0:3", 1) };
        var pace = new ComputePace(1, 0, weather, new ComputeModel(TimeSpan.FromMilliseconds(20)));
        Assert.Equal(TimeSpan.FromMilliseconds(6), pace.Duration(new Work(0, 0, Work.PerPartition / 10)));
    }

    [Theory]
    [InlineData("3", "SLOT:FACTOR")]
    [InlineData("3:fast", "SLOT:FACTOR")]
    [InlineData("3:0", "above 0")]
    [InlineData("3:-1", "above 0")]
    [InlineData("3:NaN", "above 0")]
    [InlineData("9:2", "slot 9")]
    [InlineData("1:2,1:3", "second time")]
    public void Bad_pace_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => PaceSyntax.Parse(text, 4)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "no rounds")]
    [InlineData("1\n", "line 1: 1 numbers for 2 slots")]
    [InlineData("1,1\n1,x\n", "line 2: 'x'")]
    [InlineData("1,0\n", "'0' is not a factor")]
    public void Bad_trace_is_refused_with_file_and_line(string text, string expected)
    {
        File.WriteAllText(_path, text);
        var error = Assert.Throws<DataException>(() => PaceSyntax.Parse($"trace({_path})", 2));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_trace_is_refused() =>
        Assert.Throws<DataException>(() => PaceSyntax.Parse("trace(no-such-file)", 2));
}

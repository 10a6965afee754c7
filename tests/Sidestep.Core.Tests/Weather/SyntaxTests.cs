namespace Sidestep.Tests;

public sealed class SyntaxTests
{
    [Theory]
    [InlineData("100ms", 100_000)]
    [InlineData("2s", 2_000_000)]
    [InlineData("50us", 50)]
    [InlineData("1.5s", 1_500_000)]
    [InlineData(" 0.25 ms ", 250)]
    [InlineData("2min", 120_000_000)]
    [InlineData("0s", 0)]
    public void Duration_valid_text_is_read(string text, long microseconds)
    {
        var duration = DurationSyntax.Parse(text);
        Assert.Equal(TimeSpan.FromMicroseconds(microseconds), duration);
        Assert.Equal(duration, DurationSyntax.Parse(DurationSyntax.Format(duration)));
    }

    [Theory]
    [InlineData("100", "'100ms' or '100s'")]
    [InlineData("", "'100ms'")]
    [InlineData("-5ms", "'100ms'")]
    [InlineData("1e3s", "'100ms'")]
    [InlineData("1,5s", "'100ms'")]
    [InlineData("ms", "'100ms'")]
    [InlineData("99999999999s", "1440min")]
    public void Duration_wrong_text_names_a_valid_one(string text, string hint)
    {
        var error = Assert.Throws<ConfigurationException>(() => DurationSyntax.Parse(text));
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100ms")]
    [InlineData("exp(20ms,50ms)")]
    [InlineData("pareto(20ms,1.5)")]
    [InlineData("lognormal(2500us,0.5)")]
    [InlineData("either(10ms,exp(200ms,1s),0.05)")]
    [InlineData("bursts(10ms,exp(200ms,1s),0.02,0.2)")]
    public void Latency_text_and_model_round_trip(string text)
    {
        var model = LatencySyntax.Parse(text);
        Assert.Equal(text, LatencySyntax.Format(model));
        Assert.Equal(text, model.ToString());
        Assert.Equal(model, LatencySyntax.Parse(LatencySyntax.Format(model)));
    }

    [Theory]
    [InlineData("exp(20ms)", "1 part")]
    [InlineData("exp(20ms,50)", "'50ms'")]
    [InlineData("pareto(20ms,0)", "shape '0'")]
    [InlineData("pareto(20ms,x)", "shape 'x'")]
    [InlineData("either(1ms,2ms,1.5)", "probability")]
    [InlineData("bursts(1ms,2ms,0.5,0.75)", "either(1ms,2ms,0.4)")]
    [InlineData("bursts(1ms,2ms,0.5)", "bursts needs 4")]
    [InlineData("bursts(1ms,2ms,0,0.5)", "entering '0'")]
    [InlineData("gamma(1ms,2)", "'gamma'")]
    [InlineData("exp(20ms,50ms", "')'")]
    [InlineData("soon", "'100ms'")]
    [InlineData("", "'100ms'")]
    public void Latency_wrong_text_names_the_piece(string text, string piece)
    {
        var error = Assert.Throws<ConfigurationException>(() => LatencySyntax.Parse(text));
        Assert.Contains(piece, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Latency_trace_file_is_read_and_its_errors_name_the_line()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "# measured\n12.5\n\n 100 \n");
            var model = Assert.IsType<TraceLatency>(LatencySyntax.Parse($"trace({path})"));
            Assert.Equal([TimeSpan.FromMilliseconds(12.5), TimeSpan.FromMilliseconds(100)], model.Delays.AsEnumerable());
            Assert.Equal($"trace({path})", model.ToString());

            File.WriteAllText(path, "1\nNaN\n");
            Assert.Contains("line 2", Assert.Throws<DataException>(() => LatencySyntax.Parse($"trace({path})")).Message, StringComparison.Ordinal);
            File.WriteAllText(path, "#\n");
            Assert.Throws<DataException>(() => LatencySyntax.Parse($"trace({path})"));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<DataException>(() => LatencySyntax.Parse($"trace({path})"));
    }

    [Fact]
    public void Slow_text_is_read_and_round_trips()
    {
        var slow = WeatherSyntax.ParseSlow("7:pareto(20ms,1.5), 6:100ms", 8);
        Assert.Equal(new ConstantLatency(TimeSpan.FromMilliseconds(100)), slow[6]);
        Assert.Equal(new ParetoLatency(TimeSpan.FromMilliseconds(20), 1.5), slow[7]);
        Assert.Equal("6:100ms,7:pareto(20ms,1.5)", WeatherSyntax.FormatSlow(slow));
        Assert.Empty(WeatherSyntax.ParseSlow(" ", 8));
    }

    [Theory]
    [InlineData("8:100ms", "slots 0 to 7")]
    [InlineData("-1:100ms", "whole number from 0 to 7")]
    [InlineData("6", "SLOT:LATENCY")]
    [InlineData("6:", "SLOT:LATENCY")]
    [InlineData("6:1ms,", "''")]
    [InlineData("6:1ms,6:2ms", "second time")]
    [InlineData("6:fast", "'fast'")]
    public void Slow_wrong_text_names_the_piece(string text, string piece)
    {
        var error = Assert.Throws<ConfigurationException>(() => WeatherSyntax.ParseSlow(text, 8));
        Assert.Contains(piece, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kill_text_is_read_and_round_trips()
    {
        var kills = WeatherSyntax.ParseKill("2@10, 5@20,2@30", 6);
        Assert.Equal([(2, 10L), (5, 20L), (2, 30L)], kills.AsEnumerable());
        Assert.Equal("2@10,5@20,2@30", WeatherSyntax.FormatKill(kills));
        Assert.Empty(WeatherSyntax.ParseKill(string.Empty, 6));
    }

    [Theory]
    [InlineData("6@10", "slots 0 to 5")]
    [InlineData("2", "SLOT@ROUND")]
    [InlineData("2@ten", "'ten'")]
    [InlineData("2@-1", "'2@10'")]
    [InlineData("x@1", "'x'")]
    [InlineData("2@1,2@1", "second time")]
    public void Kill_wrong_text_names_the_piece(string text, string piece)
    {
        var error = Assert.Throws<ConfigurationException>(() => WeatherSyntax.ParseKill(text, 6));
        Assert.Contains(piece, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("measured")]
    [InlineData("emulated(20ms)")]
    public void Compute_text_round_trips(string text) => Assert.Equal(text, ComputeSyntax.Format(ComputeSyntax.Parse(text)));

    [Theory]
    [InlineData("emulated")]
    [InlineData("emulated(20)")]
    [InlineData("")]
    public void Compute_wrong_text_is_refused(string text) =>
        Assert.Throws<ConfigurationException>(() => ComputeSyntax.Parse(text));

    [Fact]
    public void Link_text_is_read_and_round_trips()
    {
        var links = LinkSyntax.Parse("3:exp(20ms,50ms), 5ms@1.5MB/s,0:1ms,2:@20Mbit/s|250KB/s", 4);
        Assert.Equal("5ms@1500KB/s,0:1ms,2:@2500KB/s|250KB/s,3:exp(20ms,50ms)", LinkSyntax.Format(links));
        Assert.Equal("1ms", links.Between(Slots.Coordinator, 0)!.Latency!.ToString());
        Assert.Equal("1ms", links.Between(0, Slots.Coordinator)!.Latency!.ToString());
        Assert.Equal("5ms", links.Between(1, 3)!.Latency!.ToString());
        Assert.Equal(1_500_000, links.Between(1, 3)!.Up);
        Assert.Null(links.Between(2, 3)!.Latency);
        Assert.Null(links.Between(2, 2));
        Assert.True(LinkSyntax.Parse(" ", 4).IsNone);
        Assert.Null(LinkSyntax.Parse("1:5ms", 4).Between(Slots.Coordinator, 2));
    }

    [Theory]
    [InlineData("5ms,6ms", "'6ms'")]
    [InlineData("4:5ms", "slot 4")]
    [InlineData("a:5ms", "'a'")]
    [InlineData("1:5ms,1:6ms", "second time")]
    [InlineData("5", "'5ms'")]
    [InlineData("1:", "'100ms'")]
    [InlineData("5ms,", "empty piece")]
    [InlineData("1:exp(5ms)", "1 part")]
    [InlineData("5ms@10", "'5MB/s'")]
    [InlineData("5ms@0B/s", "1B/s")]
    [InlineData("@", "'5MB/s'")]
    public void Link_wrong_text_names_the_piece(string text, string piece)
    {
        var error = Assert.Throws<ConfigurationException>(() => LinkSyntax.Parse(text, 4));
        Assert.Contains(piece, error.Message, StringComparison.Ordinal);
    }
}

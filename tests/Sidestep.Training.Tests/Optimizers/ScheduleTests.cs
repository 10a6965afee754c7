namespace Sidestep.Training.Tests.Optimizers;

public sealed class ScheduleTests
{
    [Fact]
    public void Rate_step_follows_the_power() =>
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Enumerable.Range(0, 5).Select(r => new StepSchedule(1, 0.5, 2).Rate(r)));

    [Fact]
    public void Rate_inverse_time_is_the_quotient() => Assert.Equal(3.0 / 17, new InverseTimeSchedule(3, 10).Rate(7));

    [Fact]
    public void Rate_cosine_agrees_with_the_library_and_ends_at_the_floor()
    {
        var schedule = new CosineSchedule(0.4, 1000, 0.01);
        for (var round = 0; round <= 1000; round++)
        {
            Assert.Equal(0.01 + (0.39 * (1 + Math.Cos(Math.PI * round / 1000)) / 2), schedule.Rate(round), 1e-15);
        }

        Assert.Equal(0.01, schedule.Rate(5000));
    }

    [Fact]
    public void Rate_linear_goes_straight_to_the_floor() =>
        Assert.Equal([1, 0.775, 0.55, 0.325, 0.1, 0.1], Enumerable.Range(0, 6).Select(r => Math.Round(new LinearSchedule(1, 4, 0.1).Rate(r), 12)));

    [Fact]
    public void Rate_exponential_agrees_with_the_library_and_passes_through_the_steps()
    {
        var schedule = new ExponentialSchedule(0.3, 0.5, 10);
        for (var round = 0; round <= 400; round++)
        {
            Assert.Equal(1, schedule.Rate(round) / (0.3 * Math.Pow(0.5, round / 10.0)), 1e-13);
        }

        Assert.Equal(0.3, schedule.Rate(0));
        Assert.True(double.IsNaN(new ExponentialSchedule(1, 0, 10).Rate(1)) && double.IsNaN(new ExponentialSchedule(1, 0.5, 0).Rate(1)));
    }

    // Values of the published algorithm (two half cosines; first rate Peak/25, top at 0.3·100 − 1, last rate Peak/250000), worked out with a calculator.
    [Theory]
    [InlineData(0, 0.04)]
    [InlineData(29, 1)]
    [InlineData(64, 0.500002)]
    [InlineData(99, 4e-6)]
    [InlineData(500, 4e-6)]
    public void Rate_one_cycle_rises_and_falls(long round, double rate) =>
        Assert.Equal(rate, new OneCycleSchedule(1, 100).Rate(round), 1e-12);

    [Fact]
    public void Rate_one_cycle_is_continuous_and_refuses_impossible_shapes()
    {
        var schedule = new OneCycleSchedule(1, 1000, Rise: 0.25, Divide: 10, FinalDivide: 1);
        var rates = Enumerable.Range(0, 1000).Select(r => schedule.Rate(r)).ToArray();
        Assert.Equal(249, Array.IndexOf(rates, rates.Max()));
        Assert.All(rates.Zip(rates.Skip(1)), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.01));
        Assert.All([new(1, 1), new(1, 100, 0), new(1, 100, 1), new(1, 100, 0.3, 0.5), new(1, 100, 0.3, 25, 0)], (OneCycleSchedule s) => Assert.Throws<ConfigurationException>(() => s.Check(1)));
        new OneCycleSchedule(1, 2).Check(2);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void Rate_scale_of_a_session_is_a_factor_of_the_rate(string name)
    {
        float[] scaled = [1, -2, 3], plain = [1, -2, 3], gradient = [0.5f, 0.25f, -1];
        IOptimizerSession left = Of(name, 0.25).Create(3), right = Of(name, 0.0625).Create(3);
        ((IRateScale)left).RateScale = 0.25;
        for (var round = 0; round < 5; round++)
        {
            left.Step(round, scaled, gradient);
            right.Step(round, plain, gradient);
        }

        Assert.Equal(plain, scaled);
        Assert.NotEqual(1, scaled[0]);
    }

    [Fact]
    public void Rate_warm_up_grows_to_the_inner_schedule()
    {
        var schedule = new WarmUp(0.8, 4);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 0.8], Enumerable.Range(0, 5).Select(r => Math.Round(schedule.Rate(r), 12)));
    }

    [Fact]
    public void Check_names_the_first_bad_round()
    {
        var message = Assert.Throws<ConfigurationException>(() => new CosineSchedule(0.1, 100, -0.01).Check(100)).Message;
        Assert.Contains("in round 8", message);
        Assert.Contains("CosineSchedule", message);
        new CosineSchedule(0.1, 100, -0.01).Check(20);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1e-9)]
    [InlineData(double.PositiveInfinity)]
    public void Check_bad_constants_are_refused_at_creation_too(double rate)
    {
        Assert.Throws<ConfigurationException>(() => new ConstantSchedule(rate).Check(1));
        Assert.Throws<ConfigurationException>(() => new Sgd(rate).Create(1));
        Assert.Throws<ConfigurationException>(() => new Adam(rate).Create(1));
    }

    [Fact]
    public void Check_other_bad_schedules_are_refused()
    {
        Assert.Throws<ConfigurationException>(() => new StepSchedule(1, 0.5, 0).Check(1));
        Assert.Throws<ConfigurationException>(() => new StepSchedule(1, -0.5, 5).Check(10));
        Assert.Throws<ConfigurationException>(() => new InverseTimeSchedule(1, 0).Check(10));
        Assert.Throws<ConfigurationException>(() => new StepSchedule(1, 2, 1).Check(10_000_000_000));
        new InverseTimeSchedule(1, 1).Check(10_000_000_000);
    }

    [Fact]
    public void Step_bad_rate_in_a_later_round_is_refused()
    {
        var session = new Sgd(new CosineSchedule(0.1, 10, -1)).Create(1);
        session.Step(0, new float[1], new float[1]);
        Assert.Throws<ConfigurationException>(() => session.Step(9, new float[1], new float[1]));
    }

    private static IOptimizer Of(string name, double rate) => name switch
    {
        "sgd" => new Sgd(rate),
        "momentum" => new Momentum(rate),
        "nesterov" => new Nesterov(rate),
        "adam" => new Adam(rate),
        _ => new AdamW(rate),
    };
}

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
}

using Sidestep.Coding;

namespace Sidestep.Training.Tests.Strategies;

public sealed class ConservationTests
{
    [Fact]
    public void All_sent_plus_held_is_all_given_exactly_in_integer_mode_under_kills()
    {
        const long Rounds = 80;
        var code = FractionalRepetitionCode.Create(9, 2);
        var saved = new FinalMemory(Rounds);
        var plan = Scenario.Plan(code, Rounds, integers: true, change: p => p with
        {
            Uplink = new Feedback(new TopK(0.1)),
            Optimizer = new Sgd(new ConstantSchedule(9)),
            Checkpoints = saved,
        });
        var run = Scenario.Run(new CodedDescent(), plan, Scenario.RandomKills(9, 2, Rounds, 25, 4), respawn: TimeSpan.Zero);
        Assert.DoesNotContain(run.Events, e => e.Phase == Phase.FeedbackReset);

        // The rate is the number of samples, so the parameters are minus the sum of everything decoded, and all numbers are small integers.
        var source = new ToySource(9, Scenario.Length, integers: true);
        for (var i = 0; i < Scenario.Length; i++)
        {
            double given = 0;
            for (long round = 0; round < Rounds; round++)
            {
                for (var partition = 0; partition < 9; partition++)
                {
                    given += source.Gradient(partition, round, i, 0);
                }
            }

            Assert.Equal(given, -run.State.Model.Span[i] + saved.Held[i]);
        }
    }

    private sealed class FinalMemory(long rounds) : ICheckpoints
    {
        public double[] Held { get; } = new double[Scenario.Length];

        public bool Due(long round) => false;

        public void Save(IRunState state)
        {
            Assert.Equal(rounds, state.Round);
            var memories = ((CoordinatorState)state).Gathered;
            Assert.Equal(3, memories.Count);
            foreach (var bytes in memories.Values)
            {
                var writer = new Feedback(new TopK(0.1)).CreateWriter(new StreamKey(3, 0), Scenario.Length);
                StateBytes.Read(bytes, writer);
                var held = ((IFeedbackMemory)writer).Held;
                for (var i = 0; i < held.Length; i++)
                {
                    Held[i] += held[i];
                }
            }
        }
    }
}

namespace Sidestep.Coding.Tests;

/// <summary>Which line is asked for next.</summary>
public sealed class LineRequestTests
{
    private static readonly LineOptions Requests = new() { Requests = true };

    [Fact]
    public void Every_worker_has_the_others_lines_on_request()
    {
        var table = PairLinesCode.Create(3, Requests).Table;
        Assert.Equal(6 + (6 * 5), table.Rows.Length);
        Assert.All(table.Rows.Take(6), row => Assert.False(row.OnRequest));
        Assert.All(table.Rows.Skip(6), row => Assert.True(row.OnRequest));
        Assert.Equal(6 * 6, table.Rows.Select(r => (r.Worker, string.Join(' ', r.Terms.Select(t => (t.Block, t.Weight))))).Distinct().Count());

        // Copies of a line are not offered to each other.
        Assert.Equal(6 + (6 * 2), AxesCode.Create(3, 2, Requests).Table.Rows.Length);
    }

    [Fact]
    public void Peeling_by_itself_refuses_rows_nobody_would_ask_for() => Assert.Contains(
        "some on request",
        Assert.Throws<ConfigurationException>(() => new PeelingDecoder(PairLinesCode.Create(3, Requests).Table, new ContiguousLayout(3), ModelShape.Flat(3))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Nothing_is_asked_for_while_the_living_will_decode()
    {
        var bench = new Bench(PairLinesCode.Create(4, Requests));
        bench.Round([0]);
        foreach (var slot in new[] { 11, 10, 9, 8, 7 })
        {
            Assert.Empty(bench.Decoder.Lost(slot).Wanted.ToArray());
        }
    }

    [Fact]
    public void The_line_that_says_most_is_asked_for_ties_by_order()
    {
        // 01+ and 01− have come, the others are lost: of the blocks 2 and 3 nothing is known, and only 23± has nothing to do with 0 and 1.
        var bench = new Bench(PairLinesCode.Create(4, Requests));
        bench.Round([0, 1]);
        var wanted = new List<int>();
        foreach (var slot in Enumerable.Range(2, 10))
        {
            wanted.AddRange(bench.Decoder.Lost(slot).Wanted.ToArray());
        }

        Assert.Equal([10, 11], wanted.Select(row => LineOf(bench, row)));
        Assert.Equal([0, 1], wanted.Select(row => bench.Code.Table.Rows[row].Worker).Order());
        Assert.True(bench.Offer(wanted[0]).Residual > 0);
        Assert.Equal(0, bench.Offer(wanted[1]).Residual);
        Assert.InRange(bench.WorstError(bench.Decode()), 0, 1e-5);
    }

    [Fact]
    public void The_choice_has_the_largest_gain_of_the_log_determinant()
    {
        var code = PairLinesCode.Create(4, Requests);
        var lines = PairLinesCode.Lines(4);
        for (ulong seed = 0; seed < 60; seed++)
        {
            var bench = new Bench(code);
            int[] living = [.. Bench.Shuffled([.. Enumerable.Range(0, 12)], seed)[..(1 + (int)(seed % 4))].Order()];
            bench.Round(living);
            var known = living.ToList();
            var asked = new List<int>();
            foreach (var slot in Enumerable.Range(0, 12).Except(living))
            {
                asked.AddRange(bench.Decoder.Lost(slot).Wanted.ToArray().Select(row => LineOf(bench, row)));
            }

            // Slots are lost one by one, so the first ask may come before all of them: only lines whose senders are gone can be compared then.
            Assert.Equal(4 - LineMath.Rank(lines, living), asked.Count);
            var gone = 0;
            foreach (var line in asked)
            {
                gone++;
                Assert.Equal(LineMath.Rank(lines, known) + 1, LineMath.Rank(lines, [.. known, line]));
                known.Add(line);
            }

            Assert.Equal(4, LineMath.Rank(lines, known));
            Assert.Equal(asked.Count, gone);
        }
    }

    [Fact]
    public void One_round_that_begins_with_all_of_them_lost_takes_the_best_of_all()
    {
        var code = PairLinesCode.Create(4, Requests);
        var lines = PairLinesCode.Lines(4);
        for (var living = 0; living < 12; living++)
        {
            var bench = new Bench(code);
            foreach (var slot in Enumerable.Range(0, 12).Where(s => s != living))
            {
                bench.Decoder.Lost(slot);
            }

            bench.Decoder.Begin(1, []);
            int[] asked = [.. bench.Offer(living).Wanted.ToArray().Select(row => LineOf(bench, row))];
            Assert.Equal(3, asked.Length);
            List<int> known = [living];
            foreach (var line in asked)
            {
                var gains = Enumerable.Range(0, 12).Except(known).Select(l => (Gain: LineInformation.OfArrivals(lines, [.. known, l], 0.01), Line: l)).ToArray();
                var best = gains.Max(g => g.Gain);
                Assert.Equal(gains.First(g => g.Gain > best - 1e-9).Line, line);
                known.Add(line);
            }
        }
    }

    [Theory]
    [InlineData("pair-lines")]
    [InlineData("axes")]
    [InlineData("greedy-lines")]
    [InlineData("directions")]
    public void One_living_worker_of_every_group_is_enough(string name)
    {
        var lines = ((LineCode)Examples.Of(name)).Lines;
        var bench = new Bench(LineCode.Create(name, lines, new LineOptions { Requests = true, Groups = 2 }), length: 9);
        Assert.Equal(5, bench.Code.Guarantee.Stragglers);
        for (var living = 0; living < 6; living++)
        {
            var asked = new Queue<int>();
            var n = bench.Rows / 2;
            var verdict = bench.Decoder.Begin(living, []);
            for (var slot = 0; slot < 12; slot++)
            {
                Add(slot == living || slot == 11 - living ? bench.Decoder.Returned(slot) : bench.Decoder.Lost(slot));
            }

            Add(bench.Offer(living));
            Add(bench.Offer(n + 5 - living));
            while (asked.TryDequeue(out var row))
            {
                Assert.Contains(bench.Code.Table.Rows[row].Worker, new[] { living, 11 - living });
                Add(bench.Offer(row));
            }

            Assert.Equal(0, verdict.Residual);
            Assert.InRange(bench.WorstError(bench.Decode()), 0, 2e-5);

            void Add(Verdict answer)
            {
                verdict = answer;
                foreach (var row in answer.Wanted.ToArray())
                {
                    asked.Enqueue(row);
                }
            }
        }
    }

    [Fact]
    public void Lossy_lines_never_ask_for_what_says_nothing_new()
    {
        var bench = new Bench(LineCode.Create("flat", LineSet.Of([[1, 1, 0], [1, -1, 0], [1, 2, 0]]), new LineOptions { Requests = true, Lossy = true }));
        bench.Round([0, 1]);
        Assert.Empty(bench.Decoder.Lost(2).Wanted.ToArray());
    }

    private static int LineOf(Bench bench, int row) =>
        Enumerable.Range(0, 12).First(r => bench.Code.Table.Rows[r].Terms.Select(t => (t.Block, t.Weight)).SequenceEqual(bench.Code.Table.Rows[row].Terms.Select(t => (t.Block, t.Weight))));
}

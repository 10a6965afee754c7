namespace Sidestep.Training.Tests.Data;

public sealed class GeneratorTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mixture_rows_are_a_function_of_seed_and_number()
    {
        var source = new GaussianMixtureSource(50, 7, 3, 2, Seed: 9);
        var (rows, labels) = DataFolder.ReadAll(_folder.Open(source));
        var (later, laterLabels) = DataFolder.ReadAll(_folder.Open(source with { First = 20, Count = 10 }));
        Assert.Equal(rows[20..30], later);
        Assert.Equal(labels[20..30], laterLabels);
        Assert.NotEqual(rows[0], DataFolder.ReadAll(_folder.Open(source with { Seed = 10 })).Rows[0]);
    }

    [Fact]
    public void Mixture_centres_lie_at_the_separation()
    {
        var (rows, labels) = DataFolder.ReadAll(_folder.Open(new GaussianMixtureSource(4000, 5, 2, 3, Seed: 2)));
        Assert.Equal([-1f, 1f], labels.Distinct().Order());
        foreach (var sign in new[] { -1f, 1f })
        {
            var mine = rows.Where((_, i) => labels[i] == sign).ToArray();
            var centre = Enumerable.Range(0, 5).Select(f => mine.Average(r => (double)r[f])).ToArray();
            Assert.Equal(3, Math.Sqrt(centre.Sum(c => c * c)), 0.1);
            Assert.Equal(1, mine.Average(r => (r[0] - centre[0]) * (r[0] - centre[0])), 0.1);
        }
    }

    [Fact]
    public void Mixture_bad_options_are_refused() =>
        Assert.Contains("Classes 1", _folder.Fails<ConfigurationException>(new GaussianMixtureSource(10, 2, 1, 1, 1)));

    [Fact]
    public void Digits_same_seed_gives_the_same_pictures_and_test_is_another_stream()
    {
        var source = new DigitPicturesSource(30, Seed: 4);
        var train = _folder.Open(source);
        using var elsewhere = new DataFolder();
        Assert.Equal(train.Fingerprint, elsewhere.Open(source).Fingerprint);
        var seen = DataFolder.ReadAll(train).Rows.Select(r => string.Join(",", r)).ToHashSet();
        Assert.Equal(30, seen.Count);
        Assert.DoesNotContain(DataFolder.ReadAll(_folder.Open(source with { Test = true })).Rows, r => seen.Contains(string.Join(",", r)));
    }

    [Fact]
    public void Digits_pictures_have_ink_and_background()
    {
        var data = _folder.Open(new DigitPicturesSource(200, Seed: 4));
        Assert.Equal((784, 10, RowFormat.Bytes), (data.Features, data.Classes, data.Format));
        Assert.All(data.ClassCounts(), c => Assert.InRange(c, 5, 45));
        Assert.All(DataFolder.ReadAll(data).Rows, r =>
        {
            Assert.InRange(r.Average(), 0.03f, 0.6f);
            Assert.True(r.Max() > 0.4f);
        });
    }

    [Fact]
    public void Digits_bad_side_is_refused() =>
        Assert.Contains("8 to 256", _folder.Fails<ConfigurationException>(new DigitPicturesSource(10, Side: 4)));

    [Fact]
    public void Digits_a_linear_classifier_stays_clearly_below_a_small_network()
    {
        var train = DataFolder.ReadAll(_folder.Open(new DigitPicturesSource(3000, Side: 16, Seed: 1)));
        var test = DataFolder.ReadAll(_folder.Open(new DigitPicturesSource(1000, Side: 16, Seed: 1, Test: true)));
        var linear = TinyNetwork.Accuracy(hidden: 0, train, test, passes: 15, rate: 0.02f);
        var network = TinyNetwork.Accuracy(hidden: 64, train, test, passes: 15, rate: 0.02f);
        Assert.InRange(linear, 0.3, 0.85);
        Assert.True(network > linear + 0.08, $"linear {linear:f3}, network {network:f3}");
    }
}

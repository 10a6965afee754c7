namespace Sidestep.Training.Tests.Objectives;

public sealed class ObjectiveTests
{
    [Fact]
    public void Tensors_are_named_layer_by_layer()
    {
        var shape = new Perceptron(784, [128], 10, Activation.Relu, 0).Shape;
        Assert.Equal(["layer0.weight", "layer0.bias", "layer1.weight", "layer1.bias"], shape.Tensors.Select(t => t.Name));
        Assert.Equal([128, 784], shape.Tensors[0].Dimensions.ToArray());
        Assert.Equal([10, 128], shape.Tensors[2].Dimensions.ToArray());
        Assert.Equal(101770, shape.Length);
        Assert.Equal(7850, new Softmax(784, 10, 0).Shape.Length);
        Assert.Equal(41, new Logistic(40, 0).Shape.Length);
    }

    [Fact]
    public void Least_squares_derive_the_root_mean_square_and_the_variance_explained()
    {
        var objective = new LeastSquares(1, 0.5);
        float[] inputs = [0, 1, 2, 3], targets = [1, 3, 4, 8];
        var batch = new Batch { Count = 4, Features = 1, Values = inputs, Labels = targets };
        var sums = new Metrics();
        objective.Evaluate(batch, [2, 1], sums);
        var means = new[] { "loss", "mse", "target", "targetSquare" }.ToDictionary(n => n, n => sums[n].Sum / sums[n].Count);
        objective.Derive(means);

        // Errors 0, 0, 1, -1; the targets' variance is 26/4.
        Assert.Equal(["loss", "mse", "r2", "rmse"], means.Keys.Order());
        Assert.Equal(0.5, means["mse"]);
        Assert.Equal(0.25 + 1, means["loss"], 1e-12);
        Assert.Equal(Math.Sqrt(0.5), means["rmse"], 1e-12);
        Assert.Equal(1 - (0.5 / 6.5), means["r2"], 1e-12);
    }

    [Fact]
    public void Linear_objectives_start_at_zero()
    {
        foreach (var objective in new IObjective[] { new LeastSquares(4, 0), new Logistic(4, 0), new Softmax(4, 3, 0) })
        {
            var model = Samples.Gaussian(1, objective.Shape.Length);
            objective.Initialize(Samples.Rng(1), model);
            Assert.All(model, w => Assert.Equal(0, w));
        }
    }

    [Fact]
    public void Perceptron_starts_with_the_variances_of_He_and_Glorot()
    {
        var objective = new Perceptron(200, [100], 50, Activation.Relu, 0);
        float[] model = new float[objective.Shape.Length], again = new float[objective.Shape.Length];
        objective.Initialize(Samples.Rng(3), model);
        objective.Initialize(Samples.Rng(3), again);
        Assert.Equal(model, again);
        Assert.Equal(2.0 / 200, Variance(model.AsSpan(0, 20000)), 0.0005);
        Assert.All(model[20000..20100], b => Assert.Equal(0, b));
        Assert.Equal(2.0 / 150, Variance(model.AsSpan(20100, 5000)), 0.0006);
        Assert.All(model[20100..25100], w => Assert.InRange(Math.Abs(w), 0, Math.Sqrt(6.0 / 150)));
        Assert.All(model[25100..], b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(5f)]
    [InlineData(-1f)]
    [InlineData(1.5f)]
    [InlineData(float.NaN)]
    public void Label_that_is_no_class_is_refused(float label)
    {
        var objective = new Softmax(3, 5, 0);
        var batch = Samples.Dense(1, 4, 3, i => i == 2 ? label : 0);
        var error = Assert.Throws<DataException>(() => Gradient(objective, batch));
        Assert.Contains("sample 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("0..4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Label_that_is_no_sign_is_refused() =>
        Assert.Throws<DataException>(() => Gradient(new Logistic(3, 0), Samples.Dense(1, 4, 3, i => i % 2)));

    [Fact]
    public void Target_that_is_not_finite_is_refused() =>
        Assert.Throws<DataException>(() => Gradient(new LeastSquares(3, 0), Samples.Dense(1, 4, 3, _ => float.PositiveInfinity)));

    [Fact]
    public void Other_number_of_features_is_refused() =>
        Assert.Throws<DataException>(() => Gradient(new LeastSquares(3, 0), Samples.Dense(1, 4, 2, _ => 0)));

    [Fact]
    public void Column_outside_the_model_is_refused()
    {
        var batch = Samples.Sparse(Samples.Dense(1, 4, 3, i => i % 2));
        var broken = batch with { Columns = batch.Columns.ToArray().Select(c => c == 2 ? 3 : c).ToArray() };
        Assert.Throws<DataException>(() => Gradient(new LeastSquares(3, 0), broken));
        Assert.Throws<DataException>(() => Gradient(new Softmax(3, 2, 0), broken));
    }

    [Theory]
    [InlineData(0, 2, 0.0)]
    [InlineData(3, 1, 0.0)]
    [InlineData(3, 2, -0.1)]
    [InlineData(3, 2, double.NaN)]
    public void Unsound_sizes_are_refused(int features, int classes, double l2)
    {
        Assert.Throws<ConfigurationException>(() => new Softmax(features, classes, l2));
        Assert.Throws<ConfigurationException>(() => new Perceptron(features, [4], classes, Activation.Tanh, l2));
    }

    [Fact]
    public void Accuracy_counts_largest_scores_at_the_label()
    {
        var objective = new Softmax(2, 2, 0);
        var batch = new Batch { Count = 3, Features = 2, Values = new float[] { 1, 0, 0, 1, 1, 0 }, Labels = new float[] { 0, 1, 1 } };
        var metrics = new Metrics();
        objective.Evaluate(batch, new float[] { 1, 0, 0, 1, 0, 0 }, metrics);
        Assert.Equal((2, 3), metrics["accuracy"]);
        objective.Evaluate(batch, new float[] { float.NaN, 0, 0, 1, 0, 0 }, metrics);
        Assert.Equal(6, metrics["accuracy"].Count);
        Assert.Equal(2, metrics["accuracy"].Sum);
        Assert.True(double.IsNaN(metrics["loss"].Sum));
    }

    [Fact]
    public void Large_margins_neither_overflow_nor_lose_small_losses()
    {
        var batch = new Batch { Count = 2, Features = 1, Values = new float[] { 1, 1 }, Labels = new float[] { 1, -1 } };
        var sum = new float[2];
        Assert.Equal(1000, new Logistic(1, 0).Gradient(batch, [1000f, 0f], sum, default), 9);
        Assert.Equal(1f, sum[0]);
        var one = batch with { Count = 1, Labels = new float[] { 1 }, Values = new float[] { 1 } };
        Assert.Equal(Math.Exp(-40), new Logistic(1, 0).Gradient(one, [40f, 0f], new float[2], default), 1e-30);
    }

    [Fact]
    public void Cancelled_gradient_stops_and_the_next_is_right()
    {
        var objective = new Perceptron(5, [4], 3, Activation.Tanh, 0);
        var batch = Samples.Dense(1, 700, 5, i => i % 3);
        var model = Samples.Gaussian(2, objective.Shape.Length);
        var before = new float[model.Length];
        objective.Gradient(batch, model, before, default);
        Assert.Throws<OperationCanceledException>(() => objective.Gradient(batch, model, new float[model.Length], new CancellationToken(true)));
        var after = new float[model.Length];
        objective.Gradient(batch, model, after, default);
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Plain_descent_learns_a_small_gaussian_problem(bool deep)
    {
        IObjective objective = deep ? new Perceptron(6, [16], 3, Activation.Relu, 1e-4) : new Softmax(6, 3, 1e-4);
        var batch = Samples.Dense(4, 300, 6, i => i % 3);
        var values = batch.Values.ToArray();
        for (var i = 0; i < batch.Count; i++)
        {
            values[(i * 6) + (i % 3)] += 2.5f;
        }

        batch = batch with { Values = values };
        var model = new float[objective.Shape.Length];
        objective.Initialize(Samples.Rng(7), model);
        var sum = new float[model.Length];
        double first = 0, last = 0;
        for (var round = 0; round < 200; round++)
        {
            Array.Clear(sum);
            last = objective.Gradient(batch, model, sum, default) / batch.Count;
            first = round == 0 ? last : first;
            Axpy.Add(-0.5f / batch.Count, sum, model);
        }

        var metrics = new Metrics();
        objective.Evaluate(batch, model, metrics);
        Assert.InRange(last, 0, 0.4 * first);
        Assert.InRange(metrics["accuracy"].Sum / batch.Count, 0.9, 1);
    }

    private static double Gradient(IObjective objective, Batch batch) =>
        objective.Gradient(batch, new float[objective.Shape.Length], new float[objective.Shape.Length], default);

    private static double Variance(Span<float> values)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            sum += value;
            squares += (double)value * value;
        }

        return (squares / values.Length) - (sum / values.Length * (sum / values.Length));
    }
}

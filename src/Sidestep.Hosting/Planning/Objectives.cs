using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>Objectives from specs.</summary>
internal static class Objectives
{
    /// <summary>A maker of instances; each has scratch memory of its own.</summary>
    public static Func<IObjective> Of(ResolvedSpec resolved, Dataset data, KernelChoice kernels)
    {
        var spec = resolved.Spec.Objective;
        var (features, classes) = (data.Features, data.Classes);
        return spec switch
        {
            LeastSquaresSpec s => () => new LeastSquares(features, s.L2),
            LogisticSpec s when classes == 2 => () => new Logistic(features, s.L2),
            LogisticSpec => throw Unfit("logistic", "2 classes", classes, "softmax or perceptron"),
            SoftmaxSpec s when classes >= 2 => () => new Softmax(features, classes, s.L2, kernels),
            PerceptronSpec s when classes >= 2 => () => new Perceptron(
                features, s.Hidden, classes, s.Activation == "tanh" ? Activation.Tanh : Activation.Relu, s.L2, kernels),
            NetworkSpec s when classes >= 2 => Networks.Of(s, data, kernels),
            SoftmaxSpec or PerceptronSpec or NetworkSpec => throw Unfit("softmax, perceptron and network", "2 classes or more", classes, "least-squares"),
            OwnObjectiveSpec s => Own(s, resolved, data, kernels),
            _ => throw new NotSupportedException($"an objective of type {spec.GetType().Name}"),
        };
    }

    private static Func<IObjective> Own(OwnObjectiveSpec spec, ResolvedSpec resolved, Dataset data, KernelChoice kernels)
    {
        var kind = SidestepCatalog.Find("objective", spec.Kind, resolved.Catalog.Own.Objectives, k => k.Name);
        var context = new ObjectiveContext
        {
            Parameters = spec.Parameters,
            Folder = resolved.Folder,
            Features = data.Features,
            Classes = data.Classes,
            Kernels = kernels,
        };
        return () => kind.Make(context);
    }

    private static ConfigurationException Unfit(string name, string needed, int classes, string instead) =>
        new($"objective: {name} needs data with {needed}, but there are {classes}; use {instead}");
}

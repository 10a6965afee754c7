namespace Sidestep.Coding;

/// <summary>Codes with shorter messages, from parameters by name.</summary>
internal static class CommunicationEfficient
{
    private const string Gaussian = "gaussian", Polynomial = "polynomial";

    /// <summary>Ye and Abbe's codes.</summary>
    /// <exception cref="ConfigurationException">A parameter is missing, unknown or out of range.</exception>
    public static ICode<float> YeAbbe(CodeParameters parameters)
    {
        var (load, reduction) = (Given(YeAbbeCode.Name, "load", parameters.Load), Given(YeAbbeCode.Name, "reduction", parameters.Reduction));
        return (parameters.Construction ?? Gaussian) switch
        {
            Gaussian => YeAbbeCode.Gaussian(parameters.Workers, load, reduction, parameters.Seed, parameters.MaxAmplification),
            Polynomial => YeAbbeCode.Polynomial(parameters.Workers, load, reduction, parameters.MaxAmplification),
            var other => throw new ConfigurationException($"{YeAbbeCode.Name} has no construction '{other}'; {Nearest.Clause(other, [Gaussian, Polynomial])}"),
        };
    }

    /// <summary>Grouped linear codes.</summary>
    /// <exception cref="ConfigurationException">A parameter is missing, unknown or out of range.</exception>
    public static ICode<float> Grouped(CodeParameters parameters)
    {
        var name = parameters.Inner ?? Gaussian;
        if (name == Gaussian)
        {
            return GroupedLinearCode.Gaussian(
                parameters.Workers,
                Given(GroupedLinearCode.Name, "load", parameters.Load),
                Given(GroupedLinearCode.Name, "reduction", parameters.Reduction),
                parameters.Seed,
                parameters.MaxAmplification);
        }

        var inner = name switch
        {
            "repetition" => InnerCodes.Repetition(Length(parameters.Load, 1)),
            "split" => InnerCodes.Split(Length(parameters.Load, 1)),
            "parity" => InnerCodes.Parity(Length(parameters.Load, 2)),
            "integer-4-2" => InnerCodes.Integer,
            "triangle-6-3" => InnerCodes.Triangle,
            "hamming-7-4" => InnerCodes.Hamming,
            _ => throw new ConfigurationException($"{GroupedLinearCode.Name} has no inner code '{name}'; {Nearest.Clause(name, InnerCodes.Names)}"),
        };
        Agrees("load", parameters.Load, inner.Load, name);
        Agrees("reduction", parameters.Reduction, inner.Reduction, name);
        return GroupedLinearCode.Create(parameters.Workers, inner, parameters.MaxAmplification);
    }

    private static int Given(string code, string name, int value) => value != 0
        ? value
        : throw new ConfigurationException($"{code} needs {name}; the nearest is {name} 1, for example load 4 and reduction 2 for two stragglers");

    private static int Length(int load, int least)
    {
        Given(GroupedLinearCode.Name, "load", load);
        return load >= least && load <= InnerCode.MostColumns
            ? load
            : throw new ConfigurationException($"this inner code of {GroupedLinearCode.Name} has a load of {least} to {InnerCode.MostColumns}, not {load}; nearest is {Math.Clamp(load, least, InnerCode.MostColumns)}");
    }

    private static void Agrees(string name, int given, int value, string inner)
    {
        if (given != 0 && given != value)
        {
            throw new ConfigurationException($"inner code {inner} has {name} {value}, not {given}; nearest is {value}, or leave {name} out");
        }
    }
}

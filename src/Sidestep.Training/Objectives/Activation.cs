namespace Sidestep.Training;

/// <summary>The nonlinearity behind a hidden layer.</summary>
public enum Activation
{
    /// <summary>max(0, z); its derivative at 0 is taken as 0.</summary>
    Relu = 0,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh = 1,
}

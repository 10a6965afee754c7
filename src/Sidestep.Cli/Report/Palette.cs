namespace Sidestep.Cli.Report;

/// <summary>How many colours and dashes the page's style knows. Colours: Okabe and Ito's set, which colour-blind people tell apart.</summary>
internal static class Palette
{
    /// <summary>Colours of runs, classes <c>r0</c> to <c>r6</c>.</summary>
    public const int Runs = 7;

    /// <summary>Dashes of kinds of lines, classes <c>k0</c> to <c>k3</c>.</summary>
    public const int Styles = 4;
}

namespace Sidestep.Cli.Tests.Optimum;

/// <summary>The parameters in a run's snapshot.</summary>
internal sealed class SavedModel : ISnapshot
{
    private float[] _model = [];

    /// <summary>Reads them from the file <c>state</c> of a run's folder.</summary>
    public static double[] Read(string path)
    {
        var saved = new SavedModel();
        StateFile.Load(path, saved);
        return [.. saved._model.Select(value => (double)value)];
    }

    public void Load(IStateReader reader)
    {
        _model = new float[reader.Count<float>("model")];
        reader.Read<float>("model", _model);
    }

    public void Save(IStateWriter writer) => throw new NotSupportedException("this reads only");
}

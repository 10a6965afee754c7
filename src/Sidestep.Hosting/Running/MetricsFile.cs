using System.Globalization;

namespace Sidestep.Hosting;

/// <summary><c>metrics.csv</c>: one row per round.</summary>
internal sealed class MetricsFile : IDisposable
{
    private const string Header = "round,loss,seconds,end,shares,late,bytes,wait,decode,step,residual,asked,joined,lost";

    private readonly StreamWriter _file;
    private readonly double[] _sums = new double[8];
    private double _residual;
    private readonly string[] _columns;
    private readonly double[] _measured;
    private string _row = string.Empty;

    /// <summary>Opens or continues the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metrics">Full names of the metrics that get columns.</param>
    public MetricsFile(string path, IEnumerable<string> metrics)
    {
        _columns = [.. metrics];
        _measured = new double[_columns.Length];
        Array.Fill(_measured, double.NaN);
        var isNew = !File.Exists(path);
        _file = new StreamWriter(path, append: true) { NewLine = "\n" };
        if (isNew)
        {
            _file.WriteLine(string.Join(',', _columns.Prepend(Header)));
        }
    }

    private enum Sum
    {
        Shares,
        Late,
        Bytes,
        Decode,
        Step,
        Asked,
        Joined,
        Lost,
    }

    public void Hear(in RunEvent happened)
    {
        var seconds = (happened.End - happened.Start).TotalSeconds;
        switch (happened.Phase)
        {
            case Phase.Share:
                Add(Sum.Shares, 1);
                Add(Sum.Bytes, happened.Value);
                break;
            case Phase.Late:
                Add(Sum.Late, 1);
                break;
            case Phase.Decode:
                Add(Sum.Decode, seconds);
                _residual = happened.Value;
                break;
            case Phase.Step:
                Add(Sum.Step, seconds);
                break;
            case Phase.Ask:
                Add(Sum.Asked, 1);
                break;
            case Phase.Joined:
                Add(Sum.Joined, 1);
                break;
            case Phase.Lost:
                Add(Sum.Lost, 1);
                break;
            case Phase.Metric when Array.IndexOf(_columns, happened.Name) is >= 0 and var column:
                _measured[column] = happened.Value;
                break;
            case Phase.Round:
                Finish(happened, seconds);
                break;
        }
    }

    public void Dispose()
    {
        WriteRow();
        _file.Dispose();
    }

    // A round's row is written when the next one ends: its evaluation comes after it.
    private void Finish(in RunEvent happened, double seconds)
    {
        WriteRow();
        var wait = Math.Max(0, seconds - Of(Sum.Decode) - Of(Sum.Step));
        _row = string.Create(
            CultureInfo.InvariantCulture,
            $"{happened.Round},{happened.Value:R},{seconds:0.######},{happened.End.TotalSeconds:0.######},{Of(Sum.Shares)},{Of(Sum.Late)},{Of(Sum.Bytes)},{wait:0.######},{Of(Sum.Decode):0.######},{Of(Sum.Step):0.######},{_residual:R},{Of(Sum.Asked)},{Of(Sum.Joined)},{Of(Sum.Lost)}");
        Array.Clear(_sums);
    }

    private void WriteRow()
    {
        if (_row.Length > 0)
        {
            _file.Write(_row);
            foreach (var value in _measured)
            {
                _file.Write($",{Known(value)}");
            }

            _file.WriteLine();
        }

        _row = string.Empty;
        Array.Fill(_measured, double.NaN);
    }

    private static string Known(double value) => double.IsNaN(value) ? string.Empty : value.ToString("R", CultureInfo.InvariantCulture);

    private void Add(Sum sum, double value) => _sums[(int)sum] += value;

    private double Of(Sum sum) => _sums[(int)sum];
}

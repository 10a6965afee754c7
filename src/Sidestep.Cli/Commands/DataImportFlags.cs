using System.Collections.Immutable;
using System.CommandLine;
using Sidestep.Hosting;
using Sidestep.Training;

namespace Sidestep.Cli;

/// <summary>The flags of <c>data import</c>, and the source they describe.</summary>
internal sealed class DataImportFlags
{
    private readonly Option<string> _format = new("--format") { Description = "csv, idx, libsvm, pictures; auto: what it looks like.", DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _labelsFile = new("--labels") { Description = "idx: the file of labels." };
    private readonly Option<int?> _classes = new("--classes") { Description = "Number of classes; 0: labels are values (regression). Absent: found out from the labels." };
    private readonly Option<int?> _labelsFrom = new("--labels-from") { Description = "The label of the first class, 0 or 1. Absent: found out." };
    private readonly Option<int?> _features = new("--features") { Description = "libsvm: the number of features. Absent: the largest index there is." };
    private readonly Option<bool> _header = new("--header") { Description = "csv: the first row holds column names." };
    private readonly Option<string> _label = new("--label") { Description = "csv: the label's column, by name or number from 0. Absent: the last.", DefaultValueFactory = _ => "" };
    private readonly Option<string[]> _drop = new("--drop") { Description = "csv: a column to leave out; repeatable, or a list with commas." };
    private readonly Option<string?> _labelNames = new("--label-names") { Description = "csv: the words labels are, class 0 first, with commas. Absent: found out, in ordinal order." };
    private readonly Option<string> _separator = new("--separator") { Description = "csv: between cells; 'tab' for a tab.", DefaultValueFactory = _ => "," };
    private readonly Option<int> _channels = new("--channels") { Description = "pictures: 1 converts to grey, 3 to colour; 0: as the first picture is." };
    private readonly Option<string?> _like = new("--like") { Description = "A data set imported before: take its classes, label words and features, as for a test set." };

    public Argument<string> Source { get; } = new("SOURCE") { Description = "A file, plain or gzip, or a folder with a folder of pictures for each class." };

    public Option<string> Out { get; } = new("--out") { Description = "The folder to write.", Required = true };

    public Option<string> ShardSize { get; } = new("--shard-size") { Description = "Bytes after which a new shard begins, 64KiB to 16GiB.", DefaultValueFactory = _ => "128MiB" };

    public Option<bool> Force { get; } = new("--force") { Description = "Replace an imported data set that is there." };

    public Option<bool> Json { get; } = Flags.Json();

    public void AddTo(Command command)
    {
        command.Add(Source);
        foreach (var option in (Option[])[Out, _format, _classes, _labelsFrom, _labelsFile, _features, _header, _label, _drop, _labelNames, _separator, _channels, _like, ShardSize, Force, Json])
        {
            command.Add(option);
        }
    }

    /// <summary>The source, and what an import of it must know besides.</summary>
    public (DataSource Source, ShardImportOptions Options) Create(ParseResult parsed)
    {
        var path = parsed.GetValue(Source)!;
        var format = Format(parsed, path);
        var like = parsed.GetValue(_like) is { } folder ? ShardManifest.Load(folder) : null;
        Refuse(parsed, format, like is not null);
        var classes = parsed.GetValue(_classes) ?? like?.Classes ?? ShardImport.Discover;
        var map = Map(parsed.GetValue(_labelsFrom) ?? like?.LabelsFrom, classes);
        var names = parsed.GetValue(_labelNames) is { } words ? Words(words) : like?.ClassNames ?? [];
        var features = parsed.GetValue(_features) ?? like?.Features;
        var options = new ShardImportOptions { ClassNames = names.IsEmpty ? null : names };
        switch (format)
        {
            case "csv":
                var labels = names.IsEmpty ? map : LabelMap.ClassesFromZero;
                return (Csv(parsed, path) with { Classes = names.IsEmpty ? classes : names.Length, LabelMap = labels, LabelNames = names, Features = like?.Features ?? 0 }, options);
            case "libsvm":
                const int most = 100_000_000;
                return (new LibsvmSource(path, features ?? most, classes, map) { MaxBytes = long.MaxValue }, options with { DiscoverFeatures = features is null });
            case "idx":
                var file = parsed.GetValue(_labelsFile)
                    ?? throw new ConfigurationException($"{path} is IDX: its labels are in a file of their own; name it with --labels");
                return (new IdxSource(path, file, classes) { LabelMap = map }, options);
            default:
                var pictures = new PictureFolderSource(path, parsed.GetValue(_channels) is 0 && like?.Picture is { } p ? p.Channels : parsed.GetValue(_channels));
                return (pictures, options with { ClassNames = PictureClasses(pictures, names) });
        }
    }

    private static string Format(string format, string path) => format == "auto" ? SourceFormat.Detect(path)
        : SourceFormat.Names.Contains(format) ? format
        : throw new ConfigurationException($"--format {format} is not known; {Nearest.Clause(format, [.. SourceFormat.Names, "auto"])}");

    private static ImmutableArray<string> Words(string list) => [.. list.Split(',', StringSplitOptions.TrimEntries)];

    private static LabelMap Map(int? from, int classes) => (from, classes) switch
    {
        (null, 0) => LabelMap.AsIs,
        (0, not 0) => LabelMap.ClassesFromZero,
        (1, not 0) => LabelMap.ClassesFromOne,
        (null or -1, _) => LabelMap.Classes,
        _ => throw new ConfigurationException($"--labels-from {from} does not go with {classes} classes; 0 or 1, with classes"),
    };

    private static ImmutableArray<string> PictureClasses(PictureFolderSource source, ImmutableArray<string> expected)
    {
        var found = source.ClassNames();
        return expected.IsEmpty || found.SequenceEqual(expected) ? found : throw new DataException(
            $"{source.Folder}: its folders are {string.Join(", ", found)}; the data set it is to be like has the classes {string.Join(", ", expected)}");
    }

    private string Format(ParseResult parsed, string path) => Format(parsed.GetValue(_format)!, path);

    private CsvSource Csv(ParseResult parsed, string path)
    {
        var separator = parsed.GetValue(_separator)!;
        return new CsvSource(path, 0)
        {
            Header = parsed.GetValue(_header),
            Label = parsed.GetValue(_label)!,
            Drop = [.. (parsed.GetValue(_drop) ?? []).SelectMany(d => d.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            Separator = separator is "tab" or "\\t" ? '\t'
                : separator.Length == 1 ? separator[0]
                : throw new ConfigurationException($"--separator '{separator}' is not one character; write 'tab' for a tab"),
            MaxBytes = long.MaxValue,
        };
    }

    // A flag that would do nothing is a mistake.
    private void Refuse(ParseResult parsed, string format, bool like)
    {
        (Option Flag, string Formats)[] uses =
        [
            (_labelsFile, "idx"), (_features, "libsvm"), (_header, "csv"), (_label, "csv"), (_drop, "csv"), (_labelNames, "csv"), (_separator, "csv"),
            (_channels, "pictures"), (_classes, "csv, idx, libsvm"), (_labelsFrom, "csv, idx, libsvm"),
        ];
        foreach (var (flag, formats) in uses)
        {
            if (parsed.GetResult(flag) is { Implicit: false } && !formats.Split(", ").Contains(format))
            {
                throw new ConfigurationException($"{flag.Name} is for {formats}, but the source is {format}");
            }
        }

        if (like && parsed.GetResult(_classes) is { Implicit: false })
        {
            throw new ConfigurationException("--classes and --like both say how many classes there are; leave one out");
        }
    }
}

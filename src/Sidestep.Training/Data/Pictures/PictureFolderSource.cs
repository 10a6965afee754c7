using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>A folder with a folder of pictures for each class: PNG, PGM or PPM, all of one size. Features are the pixels as byte × (1/255), channel after channel.</summary>
/// <param name="Folder">The folder. Its folders are the classes, in ordinal order of their names; names that begin with a point are left out.</param>
/// <param name="Channels">1: grey, 3: colour, to convert; 0: as the first picture is.</param>
/// <remarks>Rows are in an order that was shuffled once by a fixed seed, so that every partition holds all classes.
/// <code>var manifest = ShardImport.Run(new PictureFolderSource("flowers"), "flowers-shards", new ShardImportOptions());</code></remarks>
public sealed record PictureFolderSource(string Folder, int Channels = 0) : DataSource
{
    /// <summary>The names of the classes, class 0 first.</summary>
    /// <exception cref="DataException">There is no such folder, or it has fewer than two folders.</exception>
    public ImmutableArray<string> ClassNames() => [.. Classes().Select(c => Path.GetFileName(c))];

    /// <inheritdoc/>
    public override string Name() => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [.. Pictures().Select(p => p.File)];

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"pictures|{Channels}");

    /// <inheritdoc/>
    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        if (Channels is not (0 or 1 or 3))
        {
            throw new ConfigurationException($"{Folder}: {Channels} channels; 1 (grey), 3 (colour) or 0 (as the first picture)");
        }

        var pictures = Pictures();
        var order = new KeyedPermutation(pictures.Count, new Rng(1, Purpose.Data, slot: 3, round: 0, index: 0));
        var first = Picture.Load(pictures[(int)order[0]].File);
        var shape = new PictureShape(first.Height, first.Width, Channels == 0 ? first.Channels : Channels);
        var features = checked(shape.Height * shape.Width * shape.Channels);
        writer.Begin(Name(), features, Classes().Count, RowFormat.Bytes, LabelMap.ClassesFromZero);
        writer.Pictures(shape);
        var next = 0;
        OrderedWork.Run(
            () => new Slot(new byte[features]),
            slot =>
            {
                if (next == pictures.Count)
                {
                    return false;
                }

                (slot.File, slot.Label) = pictures[(int)order[next++]];
                return true;
            },
            slot => slot.Decode(shape, fixedChannels: Channels != 0, pictures[(int)order[0]].File),
            slot =>
            {
                writer.Add(slot.Row, slot.Label);
                writer.Reached(writer.Count, pictures.Count);
            },
            stop);
    }

    private List<string> Classes()
    {
        try
        {
            var classes = Directory.GetDirectories(Folder).Where(d => !Path.GetFileName(d).StartsWith('.')).ToList();
            classes.Sort(StringComparer.Ordinal);
            return classes.Count >= 2 ? classes : throw new DataException(
                $"{Folder}: has {classes.Count} folders; pictures of each class are in a folder of their own, and at least 2 classes are needed");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw DataFile.Unreadable(Folder, error);
        }
    }

    private List<(string File, int Label)> Pictures()
    {
        var all = new List<(string File, int Label)>();
        foreach (var (label, folder) in Classes().Index())
        {
            var files = Directory.GetFiles(folder).Where(f => !Path.GetFileName(f).StartsWith('.')).ToArray();
            Array.Sort(files, StringComparer.Ordinal);
            if (files.Length == 0)
            {
                throw new DataException($"{folder}: holds no pictures; every class needs at least 1");
            }

            all.AddRange(files.Select(f => (f, label)));
        }

        return all;
    }

    private sealed class Slot(byte[] row)
    {
        public string File { get; set; } = "";

        public int Label { get; set; }

        public byte[] Row { get; } = row;

        public void Decode(PictureShape shape, bool fixedChannels, string first)
        {
            var picture = Picture.Load(File);
            if (picture.Width != shape.Width || picture.Height != shape.Height || (!fixedChannels && picture.Channels != shape.Channels))
            {
                throw new DataException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{File}: is {picture.Width}x{picture.Height} {Kind(picture.Channels)}, but {first} is {shape.Width}x{shape.Height} {Kind(shape.Channels)}; all pictures must be alike: resize them, or convert with --channels 1 or 3"));
            }

            picture.Planes(shape.Channels, Row);
        }

        private static string Kind(int channels) => channels == 1 ? "grey" : "colour";
    }
}

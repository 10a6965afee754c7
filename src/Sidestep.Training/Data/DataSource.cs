namespace Sidestep.Training;

/// <summary>Where a data set comes from: files to decode or a generator to run. Immutable; opened through <see cref="DataCache"/>.</summary>
/// <remarks>Your own source: derive a record, list what it reads in <see cref="Files"/>, put every option that changes the decoded rows
/// into <see cref="Options"/>, and write the rows in <see cref="Decode"/>.
/// <code>var data = DataCache.Open(new LibsvmSource("a9a.gz", Features: 123, Classes: 2), DataCache.DefaultFolder);</code></remarks>
public abstract record DataSource
{
    /// <summary>A short name for reports, such as <c>a9a</c>.</summary>
    public abstract string Name();

    /// <summary>The files that are read; empty for a generator.</summary>
    public virtual IReadOnlyList<string> Files() => [];

    /// <summary>Everything but the files that shapes the decoded rows, as canonical text; part of the cache key.</summary>
    public abstract string Options();

    /// <summary>Reads or generates all rows, in order. Called at most once per cache file; may run minutes for large files.</summary>
    /// <param name="writer">Receives the rows.</param>
    /// <param name="stop">Checked now and then.</param>
    /// <exception cref="DataException">The files cannot be used; names file and row.</exception>
    /// <exception cref="ConfigurationException">An option is out of range.</exception>
    public abstract void Decode(DatasetWriter writer, CancellationToken stop);

    /// <summary>Opens the source where it lies, without a copy in the cache; null: it must be decoded.</summary>
    internal virtual Dataset? OpenInPlace() => null;

    /// <summary>File name without folder and without the endings .gz, .csv and .txt.</summary>
    /// <param name="path">The path.</param>
    protected static string ShortName(string path)
    {
        var name = Path.GetFileName(path);
        foreach (var ending in (ReadOnlySpan<string>)[".gz", ".csv", ".txt"])
        {
            if (name.Length > ending.Length && name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                name = name[..^ending.Length];
            }
        }

        return name;
    }
}

using System.Globalization;

namespace Sidestep.Training;

/// <summary>A text as windows of characters, to learn which character comes next: a row's features are <paramref name="Context"/> tokens, its label is the token behind them.</summary>
/// <param name="File">The text, plain or gzip.</param>
/// <param name="Context">Tokens of a window; at least 1.</param>
/// <remarks>The vocabulary is the distinct characters of the whole file in the order of their codes; a token is a place in it. Windows are views: memory is that of the text.
/// <code>var train = DataCache.Open(new TextSource("plays.txt", Context: 64) { Stride = 16, HeldOut = 0.1 }, DataCache.DefaultFolder);</code></remarks>
public sealed record TextSource(string File, int Context) : DataSource
{
    /// <summary>By how many characters a window begins after the one before: 1 to <see cref="Context"/>; 0: <see cref="Context"/>, so that each character is a target once.</summary>
    public int Stride { get; init; }

    /// <summary>Share of the characters, at the text's end, that these rows are without; below 1.</summary>
    public double HeldOut { get; init; }

    /// <summary>Whether the rows are those of the text's held-out end instead.</summary>
    public bool IsEnd { get; init; }

    /// <summary>Whether each byte counts as a character; else the file is read as UTF-8 and its Unicode characters (scalar values) count.</summary>
    public bool IsBytes { get; init; }

    /// <inheritdoc/>
    public override string Name() => ShortName(File);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [File];

    /// <inheritdoc/>
    public override string Options() => string.Create(CultureInfo.InvariantCulture, $"text|{Context}|{Stride}|{HeldOut:r}|{IsEnd}|{IsBytes}");

    /// <inheritdoc/>
    /// <remarks>Writes every window out; <see cref="DataCache.Open"/> does not need it.</remarks>
    public override void Decode(DatasetWriter writer, CancellationToken stop)
    {
        var windows = Open(stop);
        writer.Begin(Name(), windows.Features, windows.Classes, RowFormat.Floats, LabelMap.Kept, File);
        var tokens = new float[Context];
        for (var row = 0; row < windows.Count; row++)
        {
            stop.ThrowIfCancellationRequested();
            var label = windows.Read(row, tokens);
            writer.Add(tokens, label);
        }
    }

    /// <inheritdoc/>
    internal override Dataset OpenInPlace() => new(Open(CancellationToken.None), Name());

    private WindowStorage Open(CancellationToken stop)
    {
        BatchCheck.AtLeast(Context, 1, "context");
        if (Stride < 0 || Stride > Context)
        {
            throw new ConfigurationException(Invariant($"stride is {Stride}; it must be 1 to the context, {Context}, so that no character is skipped"));
        }

        if (!(HeldOut >= 0 && HeldOut < 1))
        {
            throw new ConfigurationException(Invariant($"the share of the text that is held out is {HeldOut}; it must be at least 0 and below 1"));
        }

        var text = CharacterText.Read(File, IsBytes, stop);
        var end = (int)Math.Round(text.Length * HeldOut);
        var (first, length) = IsEnd ? (text.Length - end, end) : (0, text.Length - end);
        if (length <= Context)
        {
            var part = HeldOut == 0 ? string.Empty : Invariant($" of which {length} are {(IsEnd ? "the held-out end" : "not held out")};");
            throw new DataException(Invariant(
                $"{File}: {text.Length} characters;{part} a window of context {Context} needs {(long)Context + 1}: choose a context of at most {Math.Max(length - 1, 0)}, or a longer text"));
        }

        return new WindowStorage(text, first, length, Context, Stride == 0 ? Context : Stride);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

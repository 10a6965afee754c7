using System.Collections.Immutable;
using System.Globalization;

namespace Sidestep.Training;

/// <summary>Which labels a data set has, gathered while its rows stream by; decides at the end what classes they are.</summary>
internal sealed class LabelCensus
{
    private const int Largest = 65536;

    // By label from −1: the first row that has it, from 1.
    private readonly long[] _first = new long[Largest + 2];
    private readonly long[] _counts = new long[Largest + 2];
    private (long Row, float Label) _odd;
    private long _rows;

    /// <summary>Takes labels as they are in the source.</summary>
    internal void Take(ReadOnlySpan<float> labels)
    {
        foreach (var label in labels)
        {
            _rows++;
            var place = (int)label + 1;
            if (place >= 0 && place < _first.Length && place - 1 == label)
            {
                _counts[place]++;
                _first[place] = _first[place] == 0 ? _rows : _first[place];
            }
            else if (_odd.Row == 0)
            {
                _odd = (_rows, label);
            }
        }
    }

    /// <summary>Decides.</summary>
    /// <param name="heading">What the source announced.</param>
    /// <param name="words">The words whose numbers the labels are, in the order they were met; null: labels are numbers.</param>
    /// <exception cref="DataException">The labels do not fit; names a row and what to say instead.</exception>
    internal LabelPlan Decide(RowHeading heading, IReadOnlyList<string>? words)
    {
        if (heading.Classes == 0)
        {
            return new LabelPlan(0, null, null, null, null);
        }

        if (words is not null)
        {
            return ByWord(words);
        }

        if (_odd.Row != 0)
        {
            throw Bad(heading.File, _odd.Row, _odd.Label, heading.Classes == RowHeading.Discover
                ? $"classes are whole numbers from -1 to {Largest}; say 0 classes (--classes 0) to take labels as numbers, for regression"
                : $"{heading.Classes} classes are asked for");
        }

        var classes = heading.Classes == RowHeading.Discover ? Discovered(heading) : heading.Classes;
        var lowest = Lowest(heading, classes);
        var map = new float[_first.Length];
        var counts = new long[classes];
        foreach (var place in Places())
        {
            var label = place - 1;
            var index = lowest < 0 ? (label + 1) / 2 : label - lowest;
            if (index < 0 || index >= classes || (lowest < 0 && label == 0))
            {
                var allowed = lowest < 0 ? "-1 and 1" : string.Create(CultureInfo.InvariantCulture, $"{lowest}..{lowest + classes - 1}");
                throw Bad(heading.File, _first[place], label, string.Create(CultureInfo.InvariantCulture, $"{classes} classes here are {allowed}"));
            }

            map[place] = index;
            counts[index] = _counts[place];
        }

        return new LabelPlan(classes, lowest == 0 ? null : map, lowest, null, [.. counts]);
    }

    private static DataException Bad(string file, long row, float label, string allowed) => new(string.Create(
        CultureInfo.InvariantCulture, $"{file}, row {row}: label {label} is out of range; {allowed}"));

    private IEnumerable<int> Places() => Enumerable.Range(0, _first.Length).Where(p => _first[p] != 0);

    private LabelPlan ByWord(IReadOnlyList<string> words)
    {
        var names = words.Order(StringComparer.Ordinal).ToImmutableArray();
        if (names.Length < 2)
        {
            throw new DataException($"all labels are '{string.Join("", names)}'; at least 2 classes are needed, or 0 classes for numbers");
        }

        var map = new float[_first.Length];
        var counts = new long[names.Length];
        for (var id = 0; id < words.Count; id++)
        {
            var index = names.BinarySearch(words[id], StringComparer.Ordinal);
            map[id + 1] = index;
            counts[index] = _counts[id + 1];
        }

        return new LabelPlan(names.Length, map, null, names, [.. counts]);
    }

    private int Discovered(RowHeading heading)
    {
        int[] places = [.. Places()];
        var (least, most) = (places[0] - 1, places[^1] - 1);
        var classes = least == -1 ? 2 : least == 0 ? most + 1 : most;
        if (heading.Map == LabelMap.ClassesFromZero)
        {
            classes = most + 1;
        }

        var whole = least == -1 ? places is [0, 2] : least <= 1 && places.Length == most - least + 1;
        return whole && classes >= 2 ? classes : throw new DataException(string.Create(
            CultureInfo.InvariantCulture,
            $"{heading.File}: the labels are {Few(places)}, which is no full set of classes (from 0, from 1, or -1 and 1): say how many there are (--classes N), or 0 to take labels as numbers"));
    }

    private int Lowest(RowHeading heading, int classes)
    {
        var (minus, zero, top) = (_first[0] != 0, _first[1] != 0, classes < Largest + 1 && _first[classes + 1] != 0);
        return heading.Map switch
        {
            LabelMap.ClassesFromZero => 0,
            LabelMap.ClassesFromOne => 1,
            _ when classes == 2 && minus => -1,
            _ when zero => 0,
            _ when top => 1,
            _ => throw new DataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{heading.File}: no row has label 0 or {classes}, so classes may count from 0 or from 1; say which (--labels-from 0 or 1), or --like the training set")),
        };
    }

    private static string Few(int[] places) => places.Length <= 12
        ? string.Join(", ", places.Select(p => p - 1))
        : string.Create(CultureInfo.InvariantCulture, $"{places[0] - 1}, {places[1] - 1}, …, {places[^1] - 1} ({places.Length} of them)");
}

/// <summary>What labels become.</summary>
/// <param name="Classes">Number of classes; 0 for regression.</param>
/// <param name="Map">By label from −1: the class; null: labels are kept.</param>
/// <param name="From">The label that class 0 had; null: labels are values or words.</param>
/// <param name="Names">The words of the classes, if labels were words.</param>
/// <param name="Counts">Rows of each class, if there are classes.</param>
internal sealed record LabelPlan(int Classes, float[]? Map, int? From, ImmutableArray<string>? Names, ImmutableArray<long>? Counts)
{
    /// <summary>Rewrites labels in place.</summary>
    internal void Apply(Span<float> labels)
    {
        if (Map is { } map)
        {
            foreach (ref var label in labels)
            {
                label = map[(int)label + 1];
            }
        }
    }
}

using System.Globalization;
using System.Text;
using Sidestep.Training;

namespace Sidestep.Hosting;

/// <summary>What a run says of a text before it starts.</summary>
internal static class TextNote
{
    private const int MostShown = 120;

    /// <summary>How many windows there are, and the vocabulary in its order; characters that would not show are written as escapes.</summary>
    /// <param name="data">Windows over a text.</param>
    /// <param name="trained">How many of them are trained on.</param>
    public static string Of(Dataset data, long trained)
    {
        var shown = new StringBuilder();
        var count = 0;
        foreach (var rune in data.Vocabulary.EnumerateRunes())
        {
            if (++count > MostShown)
            {
                shown.Append('…');
                break;
            }

            Append(shown, rune);
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{data.Name}: {trained} windows of {data.Features} characters to train on; vocabulary of {data.Classes}: {shown}");
    }

    private static void Append(StringBuilder shown, Rune rune)
    {
        var category = Rune.GetUnicodeCategory(rune);
        var isHidden = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.OtherNotAssigned;
        _ = rune.Value switch
        {
            '\n' => shown.Append("\\n"),
            '\r' => shown.Append("\\r"),
            '\t' => shown.Append("\\t"),
            var value when isHidden => shown.Append(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
            _ => shown.Append(rune.ToString()),
        };
    }
}
